: mangle OUTPUT,INPUT,FORWARD
-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000004 --hmark-mod 42 ; = ; OK
    udp path=forward                      ; yes
    udp frag=4 path=forward               ; yes
    icmp path=input                       ; yes
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-mod 8 --hmark-rnd 0xfeedcafe --hmark-offset 16 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0xfeedcafe --hmark-mod 8 --hmark-offset 16 ; OK
-j HMARK --hmark-src-prefix 24 --hmark-sport-mask 0x00ff --hmark-sport 0x0050 --hmark-dport 0x0010 --hmark-proto-mask 0xff --hmark-rnd 0x00000002 --hmark-mod 4 ; = ; OK
-j HMARK --hmark-spi-mask 0x0000ffff --hmark-spi 0x00001234 --hmark-rnd 0x00000003 --hmark-mod 5 ; = ; OK
-j HMARK --hmark-tuple ct,src,dst,proto,spi --hmark-mod 4294967295 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-spi-mask 0xffffffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 4294967295 --hmark-tuple ct ; OK
    udp path=forward                      ; yes
patch 52 00 00 00 00                      ;   ; FAIL modulus 0
patch 40 00 20 00 00 01                   ;   ; FAIL a mask of the protocol
patch 40 48 00 00 00                      ;   ; FAIL an SPI and ports
6 -j HMARK --hmark-tuple src,dst,sport,dport --hmark-mod 8 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 128 --hmark-dst-prefix 128 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 8 ; OK
    udp path=forward                      ; yes
-j HMARK --hmark-tuple src --hmark-mod 0 --hmark-rnd 1 ;   ; FAIL out of range
-j HMARK                                  ;   ; FAIL mandatory
bytes 01 00 00 00                         ;   ; FAIL 4 bytes of data, expected 60
