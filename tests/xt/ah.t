: filter OUTPUT,INPUT,FORWARD
-p ah -m ah                                                ; = ; OK
    proto=51 hex=060400000000000100000002                  ; yes
    proto=51 hex=060400000000000100000002 len=32           ; yes
    proto=51 hex=060400000000000100000002 len=31           ; hotdrop     # no whole header
    proto=51 len=20                                        ; hotdrop
    proto=51 len=30 path=input                             ; hotdrop
    proto=51 len=30 path=forward                           ; hotdrop
    proto=50 hex=060400000000000100000002                  ; no
    proto=51 frag=2 hex=060400000000000100000002           ; no          # a later fragment has no header
    proto=51 frag=2 len=20                                 ; no          # and is not short
    proto=51 mf hex=060400000000000100000002               ; yes
-p ah -m ah --ahspi 256:512                                ; = ; OK
    proto=51 hex=06040000000000ff00000000                  ; no
    proto=51 hex=060400000000010000000000                  ; yes
    proto=51 hex=060400000000020000000000                  ; yes
    proto=51 hex=060400000000020100000000                  ; no
    proto=51 hex=0604ffff0000020000000000                  ; yes         # nothing else is looked at
    proto=51 hex=060400000000010000000000 path=forward     ; yes
    proto=51 hex=060400000000010000000000 path=input       ; yes
-p ah -m ah ! --ahspi 256:512                              ; = ; OK
    proto=51 hex=06040000000000ff00000000                  ; yes
    proto=51 hex=060400000000010000000000                  ; no
    proto=51 hex=060400000000020100000000                  ; yes
    proto=51 hex=060400000000020100000000 frag=1           ; no
    proto=51 len=31                                        ; hotdrop
-p ah -m ah --ahspi 4294967295                             ; = ; OK
    proto=51 hex=06040000ffffffff00000000                  ; yes
    proto=51 hex=06040000fffffffe00000000                  ; no
-p ah -m ah --ahspi 0:4294967295                           ; -p ah -m ah ; OK
-p ah -m ah ! --ahspi 0:4294967295                         ; -p ah -m ah ; OK     # never true; the text cannot say it
    proto=51 hex=060400000000000100000002                  ; no
-p ah -m ah --ahspi 5:1                                    ; = ; OK
    proto=51 hex=060400000000000300000002                  ; no
patch 8 02                                                 ;   ; FAIL invflags 0x2
-m ah --ahspi 1                                            ;   ; FAIL Invalid argument
! -p ah -m ah                                              ;   ; FAIL Invalid argument
-p ah -m ah --ahspi 4294967296                             ;   ; FAIL out of range
bytes 00 00 00 00 00 00 00 00 00 00 00                     ;   ; FAIL 11 bytes of data, expected 12
6 -m ah                                                    ; = ; OK
    ah=12 udp                                              ; yes
    ah=24 udp                                              ; yes
    udp                                                    ; no
    hop=8 dst-opts=16 routing=8 ah=16 udp                  ; yes
    udp len=40                                             ; no          # an L4 header is not looked at
    proto=51 len=40                                        ; hotdrop     # not even the header's first two bytes
    proto=51 len=41                                        ; hotdrop
    proto=51 hex=1101000000000005 len=51                   ; hotdrop     # not the 12 bytes of the header
    proto=51 hex=1101000000000005 len=52                   ; yes
    proto=51 hex=1140000000000005 len=52                   ; hotdrop     # nor its own length
    proto=51 hex=1102000000000005 len=56                   ; yes
    proto=51 hex=1102000000000005 len=55                   ; hotdrop
    proto=51 hex=1100000000000005 len=52                   ; yes         # claims to be shorter than it is
    ah=12 udp path=forward                                 ; yes
    ah=12 udp path=input                                   ; yes
    mf after=ah=12 udp                                     ; yes
    frag=8 after=ah=12 udp                                 ; no          # not behind a later fragment's header
    ah=12 frag=8 udp                                       ; yes
    hop=8 len=41 path=forward                              ; unreached   # the stack's own test
    dst-opts=8 len=41                                      ; hotdrop     # the chain is cut off
    dst-opts=8 len=40                                      ; hotdrop
    proto=43 hex=1100 len=42                               ; hotdrop     # of a routing header four bytes must be there
    proto=43 hex=3301 len=44                               ; hotdrop     # 16 bytes long, then no AH
    proto=60 hex=3b01 len=44                               ; no          # then nothing: no header is read behind it
    proto=44 hex=33000000 len=43                           ; hotdrop
    proto=50 hex=33                                        ; no          # ESP ends the chain
    proto=59                                               ; no
6 -m ah --ahspi 5                                          ; = ; OK
    proto=51 hex=110100000000000500000000                  ; yes
    proto=51 hex=110100000000000600000000                  ; no
    proto=51 hex=330100000000000600000000330100000000000500000000 ; no   # the first one counts
6 -m ah ! --ahspi 5:6                                      ; = ; OK
    proto=51 hex=110100000000000500000000                  ; no
    proto=51 hex=110100000000000600000000                  ; no
    proto=51 hex=110100000000000700000000                  ; yes
    udp                                                    ; no          # inversion does not make a packet without one match
6 -m ah --ahlen 16                                         ; = ; OK
    ah=16 udp                                              ; yes
    ah=12 udp                                              ; no
    ah=20 udp                                              ; no
6 -m ah ! --ahlen 16                                       ; = ; OK
    ah=16 udp                                              ; no
    ah=12 udp                                              ; yes
    udp                                                    ; no
6 -m ah --ahlen 1028                                       ; = ; OK
    ah=1028 udp                                            ; yes
    ah=1024 udp                                            ; no
    proto=51 hex=11ff00000000000500000000                  ; hotdrop
6 -m ah --ahlen 4294967295                                 ; = ; OK
    ah=1028 udp                                            ; no
6 -m ah --ahres                                            ; = ; OK
    proto=51 hex=110100000000000500000000                  ; yes
    proto=51 hex=110100010000000500000000                  ; no
    proto=51 hex=110101000000000500000000                  ; no
6 -m ah --ahspi 5 --ahlen 24 --ahres                       ; = ; OK
    proto=51 hex=110400000000000500000000 len=80           ; yes
    proto=51 hex=110400000000000400000000 len=80           ; no
    proto=51 hex=110300000000000500000000 len=80           ; no
    proto=51 hex=110400800000000500000000 len=80           ; no
6 -m ah --ahspi 0:4294967295                               ; -m ah ; OK
6 -m ah ! --ahspi 0:4294967295                             ; -m ah ; OK
    ah=12 udp                                              ; no
6 patch 13 02                                              ; -m ah ! --ahlen 0 ; OK                # the length is not asked for
    ah=12 udp                                              ; yes
6 patch 13 04                                              ;   ; FAIL invflags 0x4
6 ! -p tcp -m ah                                           ; = ; OK
    ah=12 udp                                              ; yes
    ah=12 tcp                                              ; no
6 -m ah --ahspi invalid                                    ;   ; FAIL bad value
6 bytes 00 00 00 00 00 00 00 00 00 00 00 00 00             ;   ; FAIL 13 bytes of data, expected 16
