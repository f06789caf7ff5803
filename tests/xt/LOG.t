: filter OUTPUT,INPUT,FORWARD
-j LOG                                          ; = ; OK
    udp path=forward ; yes
    udp path=input ; yes
    udp frag=4 ; yes
    tcp len=24 ; yes
-j LOG --log-prefix "test: "                    ; = ; OK
-j LOG --log-level alert                        ; -j LOG --log-level 1 ; OK
-j LOG --log-level 0                            ; = ; OK
-j LOG --log-level 4                            ; -j LOG ; OK
-j LOG --log-level debug                        ; -j LOG --log-level 7 ; OK
-j LOG --log-level 8                            ;   ; FAIL unknown
-j LOG --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode ; = ; OK
    tcp path=input ; yes
patch 1 10                                      ; -j LOG ; OK                          # a flag without a name
patch 0 08                                      ;   ; FAIL level 8
-j LOG --log-prefix 01234567890123456789012345678 ; = ; OK
patch 31 41                                     ;   ; FAIL a prefix without end
-j LOG --log-prefix "with \"quotes\" "          ; = ; OK
-j LOG --log-prefix ""                          ;   ; FAIL minimum length
6 -j LOG --log-prefix "six " --log-level 7 --log-tcp-options ; = ; OK
    udp path=forward ; yes
    frag=8 udp ; yes
6 -j LOG --log-level bad                        ;   ; FAIL unknown
bytes 04 00                                     ;   ; FAIL 2 bytes of data, expected 32
