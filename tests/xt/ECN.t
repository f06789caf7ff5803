: mangle OUTPUT,INPUT,FORWARD
-j ECN --ecn-ip-ect 3                     ; = ; OK
    udp path=forward                      ; yes
    udp frag=4 path=forward               ; yes
-p tcp -j ECN --ecn-tcp-remove            ; = ; OK
    tcp path=forward                      ; yes
    tcp frag=4 path=forward               ; yes
    udp path=forward                      ; no
-p tcp -j ECN --ecn-tcp-cwr 1             ; = ; OK
-p tcp -j ECN --ecn-tcp-ece 0             ; = ; OK
-p tcp -j ECN --ecn-tcp-ece 1 --ecn-ip-ect 1 ; = ; OK
patch 0 02                                ;   ; FAIL operation 0x02
patch 0 01 04                             ;   ; FAIL ECT 0x04
-j ECN --ecn-tcp-remove                   ;   ; FAIL Invalid argument
! -p tcp -j ECN --ecn-tcp-ece 1           ;   ; FAIL Invalid argument
-j ECN --ecn-ip-ect 4                     ;   ; FAIL out of range
-t filter -j ECN --ecn-ip-ect 0           ;   ; FAIL Invalid argument
bytes 01 00                               ;   ; FAIL 2 bytes of data, expected 3
