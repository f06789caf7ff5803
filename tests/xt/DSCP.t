: mangle OUTPUT,INPUT,FORWARD
-j DSCP --set-dscp 0x2e                   ; = ; OK
    udp tos=0xff path=forward             ; yes
    udp frag=4 path=forward               ; yes
-j DSCP --set-dscp 0                      ; -j DSCP --set-dscp 0x00 ; OK
-j DSCP --set-dscp-class EF               ; -j DSCP --set-dscp 0x2e ; OK
-j DSCP --set-dscp 63                     ; -j DSCP --set-dscp 0x3f ; OK
patch 0 40                                ;   ; FAIL DSCP 64
6 -j DSCP --set-dscp-class CS1            ; -j DSCP --set-dscp 0x08 ; OK
    udp path=forward                      ; yes
-t filter -j DSCP --set-dscp 0            ;   ; FAIL Invalid argument
-j DSCP --set-dscp 64                     ;   ; FAIL out of range
bytes                                     ;   ; FAIL 0 bytes of data, expected 1
