: raw OUTPUT,PREROUTING
-j TRACE                                        ; = ; OK
    udp ; yes
-p tcp -m tcp --dport 80 -j TRACE               ; = ; OK
    tcp dport=80 ; yes
    tcp dport=81 ; no
-t mangle -j TRACE                              ;   ; FAIL Invalid argument
6 -j TRACE                                      ; = ; OK
    udp ; yes
