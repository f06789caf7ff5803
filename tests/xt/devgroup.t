: filter FORWARD
-m devgroup --src-group 0x5                  ; = ; OK
    udp path=forward                         ; yes
    udp path=forward ether=020000000002      ; no          # in by another device
-m devgroup --src-group 0x1                  ; = ; OK
    udp path=forward                         ; no
-m devgroup --src-group 0x5 --dst-group 0x6  ; = ; OK
    udp path=forward                         ; yes
-m devgroup --src-group 0x5 --dst-group 0x2/0x3 ; = ; OK
    udp path=forward                         ; yes
-m devgroup ! --src-group 4294967295 ! --dst-group 0x2/0x3 ; -m devgroup ! --src-group 0xffffffff ! --dst-group 0x2/0x3 ; OK
    udp path=forward                         ; no
-m devgroup --src-group 0                    ; -m devgroup --src-group default ; OK
    udp path=forward                         ; no
    udp path=forward ether=020000000002      ; yes
-m devgroup --src-group 0x15/0x3             ; = ; OK          # bits outside the mask do not count
    udp path=forward                         ; yes
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
6 -m devgroup --src-group 0x5                ; = ; OK
    udp path=forward                         ; yes
-m devgroup                                  ;   ; FAIL You must specify
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 20
