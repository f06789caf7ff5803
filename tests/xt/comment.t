: filter OUTPUT,INPUT,FORWARD
-m comment --comment plain            ; = ; OK
    udp ; yes
    tcp len=20 ; yes
    frag=5 path=forward ; yes
-m comment --comment plain_-09        ; = ; OK
-m comment --comment "two words"      ; = ; OK
-m comment --comment aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; = ; OK
    udp ; yes
-m comment --comment a.b              ; -m comment --comment "a.b" ; OK
-m comment --comment a/b              ; -m comment --comment "a/b" ; OK
-m comment --comment "a;b#c"          ; = ; OK
-m comment --comment "say \"it\""     ; = ; OK
-m comment --comment "back\\slash"    ; = ; OK
-m comment --comment "it's"           ; -m comment --comment "it\'s" ; OK
-m comment --comment ""               ; -m comment --comment "" ; OK
-m comment --comment "Grüße"          ; = ; OK
-m comment --comment "tab	here"       ; = ; OK
-m comment --comment " lead and trail " ; = ; OK
-p tcp -m comment --comment x -m tcp --dport 22 -m comment --comment y -j ACCEPT ; = ; OK
    tcp dport=22 ; yes
    tcp dport=23 ; no
    tcp dport=22 len=30 ; hotdrop
6 -m comment --comment "IPv6: ok"     ; = ; OK
    udp ; yes
    frag=2 ; yes
-m comment                            ;   ; FAIL must be specified
-m comment --comment aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; -m comment --comment aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; OK     # cut by the kernel
-m comment ! --comment x              ;   ; FAIL comment
bytes 41 42 00                        ;   ; FAIL 3 bytes of data, expected 256
