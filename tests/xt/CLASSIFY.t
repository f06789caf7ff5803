: mangle OUTPUT,FORWARD
-j CLASSIFY --set-class 1:10              ; -j CLASSIFY --set-class 0001:0010 ; OK
    udp path=forward                      ; yes
    udp frag=4 path=forward               ; yes
-j CLASSIFY --set-class ffff:ffff         ; = ; OK
6 -j CLASSIFY --set-class 0:0             ; -j CLASSIFY --set-class 0000:0000 ; OK
    udp path=forward                      ; yes
-j CLASSIFY                               ;   ; FAIL must be specified
bytes 01 00                               ;   ; FAIL 2 bytes of data, expected 4
