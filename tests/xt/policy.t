: filter INPUT,FORWARD
-m policy --dir in --pol none                ; = ; OK
    udp path=input                           ; yes          # no packet here has met IPsec
    udp path=forward                         ; yes
    udp frag=3 path=forward                  ; yes
-m policy --dir in --pol ipsec               ; = ; OK
    udp path=input                           ; no
    udp path=forward                         ; no
-m policy --dir in --pol ipsec --reqid 1     ; = ; OK
    udp path=input                           ; no
-m policy --dir in --pol ipsec ! --reqid 1   ; = ; OK
    udp path=input                           ; no
-m policy --dir in --pol ipsec --spi 0xffffffff ; = ; OK
-m policy --dir in --pol ipsec --proto ipcomp ; = ; OK
-m policy --dir in --pol ipsec --strict --proto esp --mode transport ; = ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --spi 0x1 --proto esp --mode tunnel --tunnel-dst 10.0.0.0/8 --tunnel-src 10.0.0.0/8 --next --reqid 2 ; = ; OK
    udp path=input                           ; no
-m policy --dir in --pol ipsec --strict --mode tunnel --tunnel-dst 10.1.2.3 ! --tunnel-src 10.0.0.0/7 ; = ; OK
patch 16 ff 00 ff 00                         ; -m policy --dir in --pol ipsec --strict --mode tunnel --tunnel-dst 10.1.2.3 ! --tunnel-src 10.0.0.0/255.0.255.0 ; OK
-m policy --dir in --pol ipsec --strict ! --proto ah --mode transport --next --proto esp ! --reqid 9 --next --proto ipcomp ; -m policy --dir in --pol ipsec --strict ! --proto ah --mode transport --next ! --reqid 9 --proto esp --next --proto ipcomp ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4 ; = ; OK
    udp path=input                           ; no
patch 304 05                                 ; -m policy --dir in --pol none --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4 ; OK
    udp path=input                           ; yes          # none, whatever else
patch 306 05                                 ;   ; FAIL 5 elements
patch 304 00                                 ;   ; FAIL flags 0x0
patch 304 02                                 ;   ; FAIL direction out, reached from PREROUTING or INPUT
patch 304 03                                 ;   ; FAIL direction out, reached from PREROUTING or INPUT
patch 304 01 00 00                           ; -m policy --dir in --pol ipsec ; OK
patch 304 f1                                 ; -m policy --dir in --pol ipsec --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4 ; OK
6 -m policy --dir in --pol none              ; = ; OK
    udp path=input                           ; yes
    udp path=forward                         ; yes
6 -m policy --dir in --pol ipsec --strict --mode tunnel --tunnel-src 2001:db8::/32 ! --tunnel-dst fe80::1/128 ; -m policy --dir in --pol ipsec --strict --mode tunnel ! --tunnel-dst fe80::1 --tunnel-src 2001:db8::/32 ; OK
    udp path=input                           ; no
-m policy --dir out --pol none               ;   ; FAIL Invalid argument
-m policy --pol none                         ;   ; FAIL neither --dir
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 308
