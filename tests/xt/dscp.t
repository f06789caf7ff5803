: filter OUTPUT,INPUT,FORWARD
-m dscp --dscp 0x2e               ; = ; OK
    tos=0xb8                      ; yes
    tos=0xbb                      ; yes         # the ECN bits do not count
    tos=0xb4                      ; no
    tos=0xbc                      ; no
    tos=0x2e                      ; no
    tos=0xb8 frag=185             ; yes         # fragments are looked at
    tos=0xb8 frag=1 tcp           ; yes
    tos=0xb8 tcp path=forward     ; yes
    tos=0xb8 path=input           ; yes
    tos=0xb8 len=20               ; yes
-m dscp ! --dscp 46               ; -m dscp ! --dscp 0x2e ; OK
    tos=0xb8                      ; no
    tos=0xb9                      ; no
    tos=0xbc                      ; yes
    tos=0xb8 frag=2               ; no
    tos=0xb0 frag=2               ; yes
-m dscp --dscp 0                  ; -m dscp --dscp 0x00 ; OK
    tos=3                         ; yes
    tos=4                         ; no
-m dscp --dscp 63                 ; -m dscp --dscp 0x3f ; OK
    tos=0xff                      ; yes
    tos=0xfc                      ; yes
    tos=0xf8                      ; no
-m dscp --dscp-class EF           ; -m dscp --dscp 0x2e ; OK
-m dscp ! --dscp-class AF43       ; -m dscp ! --dscp 0x26 ; OK
patch 1 80                        ; -m dscp ! --dscp 0x26 ; OK     # any bit inverts
    tos=0x98                      ; no
    tos=0x9c                      ; yes
patch 0 3f 00                     ; -m dscp --dscp 0x3f ; OK
    tos=0xfd                      ; yes
patch 0 40 00                     ;   ; FAIL dscp 64
-m dscp --dscp 64                 ;   ; FAIL out of range
-m dscp                           ;   ; FAIL is required
6 -m dscp --dscp 0x29             ; = ; OK
    tos=0xa4                      ; yes         # across two bytes of the header
    tos=0xa7                      ; yes
    tos=0xa8                      ; no
    tos=0x24                      ; no
    tos=0xa4 path=forward udp     ; yes
    tos=0xa4 path=input           ; yes
    tos=0xa4 frag=8 udp           ; yes
    tos=0xa4 len=40               ; yes
6 -m dscp ! --dscp 0x3f           ; = ; OK
    tos=0xff                      ; no
    tos=0xf8                      ; yes
bytes 00                          ;   ; FAIL 1 bytes of data, expected 2
