: mangle OUTPUT,INPUT,FORWARD
-j TEE --gateway 10.0.0.1                       ; = ; OK
    udp path=forward ; yes
    udp path=input ; yes
    udp frag=4 path=forward ; yes
patch 0 00 00 00 00                             ;   ; FAIL no gateway
-j TEE --gateway 10.0.0.1 --oif eth0            ; = ; OK
    udp path=forward ; yes
patch 31 41                                     ;   ; FAIL a device name without end
-j TEE --gateway 0.0.0.0                        ;   ; FAIL Invalid argument
-j TEE                                          ;   ; FAIL must be specified
6 -j TEE --gateway 2001:db8::1                  ; = ; OK
    udp path=forward ; yes
6 -j TEE --gateway 2001:db8::1 --oif eth0       ; = ; OK
bytes 0a 00 00 01                               ;   ; FAIL 4 bytes of data, expected 40
