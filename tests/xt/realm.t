: filter INPUT,FORWARD,OUTPUT
-m realm --realm 0x2a                        ; = ; REFUSED the realms of the host's routes
-m realm --realm 0x1/0x2a                    ; = ; OK          # a bit outside the mask: never equal
    udp                                      ; no
-m realm ! --realm 0x1/0x2a                  ; = ; OK
    udp                                      ; yes
    udp path=forward                         ; yes
    udp path=input                           ; yes
-m realm --realm 0x2/0x2a                    ; = ; REFUSED the realms of the host's routes
-m realm --realm 0                           ; -m realm --realm cosmos ; REFUSED the realms
-m realm ! --realm 65536                     ; -m realm ! --realm 0x10000 ; REFUSED the realms
-m realm --realm 0/0                         ; -m realm --realm 0x0/0x0 ; OK
    udp                                      ; yes
-m realm ! --realm 0/0                       ; -m realm ! --realm 0x0/0x0 ; OK
    udp                                      ; no
patch 8 02                                   ; -m realm ! --realm 0x0/0x0 ; OK
    udp                                      ; yes
-m realm                                     ;   ; FAIL must be specified
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 12
