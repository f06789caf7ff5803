: mangle OUTPUT,INPUT,FORWARD
-p tcp -j TCPOPTSTRIP --strip-options 2,3,4,5,8 ; = ; OK
    tcp path=forward                      ; yes
    udp path=forward                      ; no
-p tcp -j TCPOPTSTRIP                     ; = ; OK
-p tcp -j TCPOPTSTRIP --strip-options wscale,mss ; -p tcp -j TCPOPTSTRIP --strip-options 2,3 ; OK
-p tcp -j TCPOPTSTRIP --strip-options 255 ; = ; OK
6 -p tcp -j TCPOPTSTRIP --strip-options 2 ; = ; OK
    tcp path=forward                      ; yes
-p udp -j TCPOPTSTRIP --strip-options 2   ;   ; FAIL Invalid argument
-p tcp -j TCPOPTSTRIP --strip-options 1   ;   ; FAIL Option value may not be 0 or 1
bytes 01                                  ;   ; FAIL 1 bytes of data, expected 32
