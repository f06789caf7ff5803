: filter FORWARD
-m devgroup --src-group 0x1                  ; = ; REFUSED the groups of the host's devices
-m devgroup --src-group 0x1 --dst-group 0x2  ; = ; REFUSED the groups
-m devgroup ! --src-group 4294967295 ! --dst-group 0x2/0x3 ; -m devgroup ! --src-group 0xffffffff ! --dst-group 0x2/0x3 ; REFUSED the groups
-m devgroup --dst-group 0                    ; -m devgroup --dst-group default ; REFUSED the groups
-m devgroup --src-group 0x1/0x0              ; = ; OK          # the mask leaves nothing to compare
    udp path=forward                         ; yes
-m devgroup ! --src-group 0x0/0x0            ; = ; OK
    udp path=forward                         ; no
-m devgroup --dst-group 0x0/0x0              ; = ; OK
    udp path=forward                         ; yes
-m devgroup --src-group 0x0/0x0 ! --dst-group 0x7/0x0 ; = ; OK
    udp path=forward                         ; no
patch 0 00                                   ; -m devgroup ; OK
    udp path=forward                         ; yes
patch 0 0a                                   ; -m devgroup ; OK
    udp path=forward                         ; yes
patch 0 10                                   ;   ; FAIL flags 0x10
6 -m devgroup --src-group 0x5/0x0            ; = ; OK
    udp path=forward                         ; yes
6 -m devgroup --src-group 0x5                ; = ; REFUSED the groups
-m devgroup                                  ;   ; FAIL You must specify
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 20
