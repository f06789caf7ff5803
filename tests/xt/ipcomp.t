: filter OUTPUT,INPUT,FORWARD
-p ipcomp -m ipcomp --ipcompspi 18        ; = ; OK
    proto=108 hex=06000012                ; yes
    proto=108 hex=06000013                ; no
    proto=108 hex=06000011                ; no
    proto=108 hex=06001200                ; no
    proto=108 hex=06ff0012                ; yes         # the flags field is not looked at
    proto=108 hex=06000012 len=24         ; yes
    proto=108 hex=06000012 len=23         ; hotdrop     # no whole header
    proto=108 len=20                      ; hotdrop
    proto=108 len=22 path=input           ; hotdrop
    proto=108 len=22 path=forward         ; hotdrop
    proto=108 hex=06000012 path=forward   ; yes
    proto=108 hex=06000012 path=input     ; yes
    proto=108 frag=2 hex=06000012         ; no          # a later fragment has no header
    proto=108 frag=2 len=20               ; no
    proto=108 mf hex=06000012             ; yes
    proto=50 hex=06000012                 ; no
-p ipcomp -m ipcomp ! --ipcompspi 18:20   ; = ; OK
    proto=108 hex=06000011                ; yes
    proto=108 hex=06000012                ; no
    proto=108 hex=06000014                ; no
    proto=108 hex=06000015                ; yes
    proto=108 hex=06000015 frag=4         ; no
    proto=108 len=23                      ; hotdrop
-p ipcomp -m ipcomp --ipcompspi 65536     ; = ; OK                 # more than 16 bits: never true
    proto=108 hex=06000000                ; no
-p ipcomp -m ipcomp --ipcompspi 65535:70000 ; = ; OK
    proto=108 hex=0600ffff                ; yes
    proto=108 hex=0600fffe                ; no
-p ipcomp -m ipcomp --ipcompspi 0:4294967295 ; -p ipcomp -m ipcomp ; OK
    proto=108 hex=06001234                ; yes
-p ipcomp -m ipcomp ! --ipcompspi 0:4294967295 ; -p ipcomp -m ipcomp ; OK    # never true; the text cannot say it
    proto=108 hex=06001234                ; no
-p ipcomp -m ipcomp --compres             ; -p ipcomp -m ipcomp --ipcompspi 0 --compres ; OK
    proto=108 hex=06000000                ; yes
    proto=108 hex=06ff0000                ; yes         # the kernel does not look
    proto=108 hex=06000001                ; no
-p ipcomp -m ipcomp                       ; -p ipcomp -m ipcomp --ipcompspi 0 ; OK
patch 0 09 00 00 00 03 00 00 00           ; -p ipcomp -m ipcomp --ipcompspi 9:3 ; OK
    proto=108 hex=06000005                ; no
patch 9 07                                ; -p ipcomp -m ipcomp --ipcompspi 0 --compres ; OK
patch 8 02                                ;   ; FAIL invflags 0x2
6 -p ipcomp -m ipcomp --ipcompspi 2:3     ; = ; OK
    proto=108 hex=06000002                ; yes
    proto=108 hex=06000001                ; no
    proto=108 hex=06000002 len=43         ; hotdrop
    hop=8 proto=108 hex=06000003          ; yes
    frag=8 proto=108 hex=06000003         ; no
    mf proto=108 hex=06000003             ; yes
    proto=108 hex=06000003 path=forward   ; yes
-m ipcomp --ipcompspi 1                   ;   ; FAIL Invalid argument
! -p ipcomp -m ipcomp --ipcompspi 1       ;   ; FAIL Invalid argument
-p esp -m ipcomp --ipcompspi 1            ;   ; FAIL Invalid argument
bytes 00 00 00 00 00 00 00 00 00 00 00    ;   ; FAIL 11 bytes of data, expected 12
