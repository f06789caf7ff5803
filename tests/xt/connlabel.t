: filter INPUT
-m connlabel --label 0                       ; -m connlabel --label "0" ; REFUSED match connlabel rev 0: not evaluated by this build: it needs connection tracking
-m connlabel --label 127                     ; -m connlabel --label "127" ; REFUSED connection tracking
-m connlabel ! --label 5 --set               ; -m connlabel ! --label "5" --set ; REFUSED connection tracking
patch 0 80 00                                ;   ; FAIL label 128
patch 2 04 00                                ;   ; FAIL options 0x4
patch 2 00 01                                ;   ; FAIL options 0x100
6 -m connlabel --label 40 --set              ; -m connlabel --label "40" --set ; REFUSED connection tracking
-m connlabel --label 128                     ;   ; FAIL Numerical result out of range
bytes 01 00 00                               ;   ; FAIL 3 bytes of data, expected 4
