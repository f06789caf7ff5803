: filter INPUT,FORWARD
-p tcp -j SYNPROXY                           ; = ; REFUSED target SYNPROXY rev 0: not evaluated by this build: it needs connection tracking
-p tcp -j SYNPROXY --sack-perm --timestamp --wscale 14 --mss 65535 --ecn ; = ; REFUSED connection tracking
-p tcp -m tcp --dport 42 -j SYNPROXY --wscale 9 ; = ; REFUSED connection tracking
patch 0 ff ff ff ff                          ; -p tcp -m tcp --dport 42 -j SYNPROXY --sack-perm --timestamp --wscale 255 --mss 65535 --ecn ; REFUSED connection tracking
6 -p tcp -j SYNPROXY --mss 1440              ; = ; REFUSED connection tracking
-p udp -j SYNPROXY                           ;   ; FAIL Invalid argument
! -p tcp -j SYNPROXY                         ;   ; FAIL Invalid argument
-j SYNPROXY                                  ;   ; FAIL Invalid argument
6 -j SYNPROXY                                ;   ; FAIL Invalid argument
bytes 00 00 00                               ;   ; FAIL 3 bytes of data, expected 4
