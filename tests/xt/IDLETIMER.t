: filter OUTPUT,INPUT,FORWARD
-j IDLETIMER --timeout 42 --label hookline0   ; = ; OK
    tcp                                       ; yes
    udp frag=3 path=forward                   ; yes
-j IDLETIMER --timeout 42 --label hookline1 --alarm ; = ; OK
    tcp path=input                            ; yes
6 -j IDLETIMER --timeout 7 --label hookline2  ; = ; OK
    tcp                                       ; yes
-j IDLETIMER --timeout 0 --label hookline3    ;  ; FAIL Invalid argument
-j IDLETIMER --timeout 5                      ;  ; FAIL must be specified
-j IDLETIMER --timeout 42 --label hookline0   ; = ; OK
patch 0 00 00 00 00                           ;  ; FAIL timeout 0
patch 0 9b c4 20 00                           ;  ; FAIL timeout 2147483
patch 4 00                                    ;  ; FAIL a label
bytes 00                                      ;  ; FAIL 1 bytes of data, expected
