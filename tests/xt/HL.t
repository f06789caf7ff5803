: mangle OUTPUT,INPUT,FORWARD
6 -j HL --hl-set 42                       ; = ; OK
    udp path=forward                      ; yes
6 -j HL --hl-set 0                        ; = ; OK
6 -j HL --hl-inc 1                        ; = ; OK
6 -j HL --hl-dec 255                      ; = ; OK
6 patch 0 03                              ;   ; FAIL mode 3
6 patch 0 01 00                           ;   ; FAIL a step of 0
6 -j HL --hl-dec 0                        ;   ; FAIL out of range
6 bytes 01                                ;   ; FAIL 1 bytes of data, expected 2
