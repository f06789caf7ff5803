: filter OUTPUT,INPUT,FORWARD
-j AUDIT --type accept                          ; = ; OK
    udp path=forward ; yes
patch 0 03                                      ;   ; FAIL type 3
-j AUDIT --type drop                            ; = ; OK
    udp path=input ; yes
-j AUDIT --type reject                          ; = ; OK
-j AUDIT                                        ;   ; FAIL must be specified
-j AUDIT --type other                           ;   ; FAIL Bad action type value
6 -j AUDIT --type drop                          ; = ; OK
    udp path=forward ; yes
