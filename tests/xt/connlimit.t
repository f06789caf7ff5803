: filter INPUT
-m connlimit --connlimit-above 10            ; -m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr ; REFUSED match connlimit rev 1: not evaluated by this build: it needs connection tracking
-m connlimit --connlimit-upto 4294967295 --connlimit-mask 24 ; -m connlimit --connlimit-upto 4294967295 --connlimit-mask 24 --connlimit-saddr ; REFUSED connection tracking
-m connlimit --connlimit-above 0 --connlimit-mask 0 --connlimit-daddr ; = ; REFUSED connection tracking
patch 0 ff 00 ff 00                          ; -m connlimit --connlimit-above 0 --connlimit-mask 8 --connlimit-daddr ; REFUSED connection tracking
patch 20 ff ff ff ff                         ; -m connlimit --connlimit-upto 0 --connlimit-mask 0 --connlimit-daddr ; REFUSED connection tracking
6 -m connlimit --connlimit-upto 3            ; -m connlimit --connlimit-upto 3 --connlimit-mask 128 --connlimit-saddr ; REFUSED connection tracking
6 -m connlimit --connlimit-upto 3 --connlimit-mask 75 --connlimit-daddr ; = ; REFUSED connection tracking
6 patch 0 ff f0 ff ff                        ; -m connlimit --connlimit-upto 3 --connlimit-mask 55 --connlimit-daddr ; REFUSED connection tracking
-m connlimit                                 ;   ; FAIL You must specify
bytes 00*31                                  ;   ; FAIL 31 bytes of data, expected 32
