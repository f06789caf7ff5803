: filter OUTPUT,INPUT,FORWARD
-j NFLOG                                        ; = ; OK
    udp path=forward ; yes
    udp path=input ; yes
    udp frag=4 ; yes
-j NFLOG --nflog-group 0                        ; -j NFLOG ; OK
-j NFLOG --nflog-group 65535                    ; = ; OK
-j NFLOG --nflog-group 65536                    ;   ; FAIL out of range
-j NFLOG --nflog-range 1                        ; = ; OK
patch 8 01                                      ; -j NFLOG --nflog-size 1 ; OK
patch 8 02                                      ;   ; FAIL flags 0x2
-j NFLOG --nflog-size 0                         ; = ; OK
    udp ; yes
-j NFLOG --nflog-size 4294967295                ; = ; OK
-j NFLOG --nflog-threshold 65535                ; = ; OK
-j NFLOG --nflog-prefix "p " --nflog-group 65535 --nflog-size 64 --nflog-threshold 3 ; = ; OK
-j NFLOG --nflog-prefix xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ; = ; OK
patch 75 41                                     ;   ; FAIL a prefix without end
6 -j NFLOG --nflog-group 5 --nflog-prefix six   ; -j NFLOG --nflog-prefix six --nflog-group 5 ; OK
    udp path=forward ; yes
bytes 00 00                                     ;   ; FAIL 2 bytes of data, expected 76
