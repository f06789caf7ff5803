: filter INPUT,FORWARD,OUTPUT
-m realm --realm 4                           ; -m realm --realm 0x4 ; OK
    udp dst=10.26.0.1                        ; no          # the source's realm is in the upper half
    udp dst=10.1.0.1                         ; no
-m realm --realm 4/0xffff                    ; -m realm --realm 0x4/0xffff ; OK
    udp dst=10.26.0.1                        ; yes
    udp dst=10.26.0.1 path=forward           ; yes
    udp dst=10.1.0.1 path=forward            ; no
-m realm --realm 0x30004                     ; = ; OK
    udp dst=10.26.0.1                        ; yes
    udp dst=10.26.0.1 src=10.27.0.1 path=forward ; yes     # what the route says is kept
-m realm --realm 0x60000/0xffff0000          ; = ; OK
    udp dst=10.1.0.1 src=10.27.0.1 path=forward ; yes      # the way back adds its own
    udp src=10.27.0.1 path=input             ; yes
    udp src=10.0.0.1 path=input              ; no
-m realm --realm 0x2a                        ; = ; OK
    udp                                      ; no
-m realm --realm 0x1/0x2a                    ; = ; OK          # a bit outside the mask: never equal
    udp                                      ; no
-m realm ! --realm 0x1/0x2a                  ; = ; OK
    udp                                      ; yes
    udp path=forward                         ; yes
    udp path=input                           ; yes
-m realm --realm 0                           ; -m realm --realm cosmos ; OK
    udp                                      ; yes
-m realm ! --realm 65536                     ; -m realm ! --realm 0x10000 ; OK
    udp                                      ; yes
-m realm --realm 0/0                         ; -m realm --realm 0x0/0x0 ; OK
    udp                                      ; yes
-m realm ! --realm 0/0                       ; -m realm ! --realm 0x0/0x0 ; OK
    udp                                      ; no
patch 8 02                                   ; -m realm ! --realm 0x0/0x0 ; OK
    udp                                      ; yes
-m realm                                     ;   ; FAIL must be specified
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 12
