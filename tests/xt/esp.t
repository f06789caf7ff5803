: filter OUTPUT,INPUT,FORWARD
-p esp -m esp                             ; = ; OK
    proto=50 hex=0000000100000002         ; yes
    proto=50 hex=0000000100000002 len=28  ; yes
    proto=50 hex=0000000100000002 len=27  ; hotdrop     # no whole header
    proto=50 len=20                       ; hotdrop
    proto=50 len=27 path=input            ; hotdrop
    proto=50 len=24 path=forward          ; hotdrop
    proto=51 hex=0000000100000002         ; no
    proto=50 frag=2 hex=0000000100000002  ; no          # a later fragment has no header
    proto=50 frag=2 len=20                ; no          # and is not short
    proto=50 mf hex=0000000100000002      ; yes
    proto=50 mf len=24                    ; hotdrop
-p esp -m esp --espspi 256:512            ; = ; OK
    proto=50 hex=000000ff00000000         ; no
    proto=50 hex=0000010000000000         ; yes
    proto=50 hex=0000020000000000         ; yes
    proto=50 hex=0000020100000000         ; no
    proto=50 hex=0001000000000000         ; no          # not in the other byte order
    proto=50 hex=0000010000000000 path=forward ; yes
    proto=50 hex=0000010000000000 path=input ; yes
    proto=50 hex=0000010000000000 frag=1  ; no
-p esp -m esp ! --espspi 256:512          ; = ; OK
    proto=50 hex=000000ff00000000         ; yes
    proto=50 hex=0000010000000000         ; no
    proto=50 hex=0000020000000000         ; no
    proto=50 hex=0000020100000000         ; yes
    proto=50 hex=0000020100000000 frag=3  ; no          # inversion does not make a fragment match
    proto=50 len=26                       ; hotdrop
-p esp -m esp --espspi 4294967295         ; = ; OK
    proto=50 hex=ffffffff00000000         ; yes
    proto=50 hex=fffffffe00000000         ; no
-p esp -m esp --espspi 0                  ; = ; OK
    proto=50 hex=0000000000000000         ; yes
    proto=50 hex=0000000100000000         ; no
-p esp -m esp --espspi :32                ; -p esp -m esp --espspi 0:32 ; OK
-p esp -m esp --espspi 32:                ; -p esp -m esp --espspi 32:4294967295 ; OK
    proto=50 hex=0000001f00000000         ; no
    proto=50 hex=ffffffff00000000         ; yes
-p esp -m esp --espspi 0:4294967295       ; -p esp -m esp ; OK
-p esp -m esp ! --espspi 0:4294967295     ; -p esp -m esp ; OK     # never true; the text cannot say it
    proto=50 hex=0000000000000000         ; no
    proto=50 len=20                       ; hotdrop
-p esp -m esp ! --espspi 1:4294967295     ; = ; OK
    proto=50 hex=0000000000000000         ; yes
    proto=50 hex=0000000100000000         ; no
-p esp -m esp --espspi 5:1                ; = ; OK                 # never true
    proto=50 hex=0000000300000000         ; no
-p esp -m esp ! --espspi 5:1              ; = ; OK
    proto=50 hex=0000000300000000         ; yes
    proto=50 hex=0000000300000000 frag=7  ; no
patch 8 02                                ;   ; FAIL invflags 0x2
6 -p esp -m esp --espspi 7                ; = ; OK
    proto=50 hex=0000000700000000         ; yes
    proto=50 hex=0000000800000000         ; no
    proto=50 hex=00000007 len=47          ; hotdrop
    proto=50 hex=00000007 len=48          ; yes
    hop=8 proto=50 hex=0000000700000000   ; yes
    dst-opts=16 ah=12 proto=50 hex=0000000700000000 ; yes
    mf proto=50 hex=0000000700000000      ; yes
    frag=8 proto=50 hex=0000000700000000  ; no
    frag=8 proto=50 len=48                ; no
    proto=50 hex=0000000700000000 path=forward ; yes
    proto=50 hex=0000000700000000 path=input ; yes
6 -p esp -m esp ! --espspi 7:9            ; = ; OK
    proto=50 hex=0000000600000000         ; yes
    proto=50 hex=0000000900000000         ; no
    frag=8 proto=50 hex=0000000600000000  ; no
-m esp --espspi 1                         ;   ; FAIL Invalid argument
! -p esp -m esp                           ;   ; FAIL Invalid argument
-p tcp -m esp                             ;   ; FAIL Invalid argument
-p esp -m esp --espspi 4294967296         ;   ; FAIL out of range
bytes 00 00 00 00 00 00 00 00 00 00 00    ;   ; FAIL 11 bytes of data, expected 12
