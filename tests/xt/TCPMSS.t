: mangle OUTPUT,FORWARD
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1400       ; = ; OK
    tcp flags=SYN path=forward            ; yes
    tcp flags=RST path=forward            ; no
-p tcp -m tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
    tcp flags=SYN path=forward            ; yes
-p tcp -m tcp --tcp-flags SYN SYN -j TCPMSS --set-mss 65495 ; = ; OK
6 -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 0        ; = ; OK
    tcp flags=SYN path=forward            ; yes
-p tcp -j TCPMSS --set-mss 1400           ;   ; FAIL Invalid argument
-p tcp -m tcp ! --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1400 ;   ; FAIL Invalid argument
-p tcp -m tcp --dport 80 -j TCPMSS --set-mss 1400 ;   ; FAIL Invalid argument
-p tcp -m tcp --syn -j TCPMSS --set-mss 65536     ;   ; FAIL out of range
-j TCPMSS                                 ;   ; FAIL At least one parameter
bytes 01                                  ;   ; FAIL 1 bytes of data, expected 2
