: mangle OUTPUT,INPUT,FORWARD
-j TOS --set-tos 0x10/0x3f                ; = ; OK
    udp path=forward                      ; yes
    udp frag=4 path=forward               ; yes
    tcp path=input                        ; yes
-j TOS --set-tos Maximize-Throughput      ; -j TOS --set-tos 0x08/0x3f ; OK
-j TOS --and-tos 0x12                     ; -j TOS --set-tos 0x00/0xed ; OK
-j TOS --or-tos 0x12                      ; -j TOS --set-tos 0x12/0x12 ; OK
-j TOS --xor-tos 0x12                     ; -j TOS --set-tos 0x12/0x00 ; OK
-j TOS --set-tos 0xff                     ; -j TOS --set-tos 0xff/0xff ; OK
6 -j TOS --set-tos 0x1f/0x1f              ; = ; OK
    udp path=forward                      ; yes
-t filter -j TOS --set-tos 0              ;   ; FAIL Invalid argument
-j TOS --set-tos 256                      ;   ; FAIL Symbolic name
-j TOS                                    ;   ; FAIL An action is required
bytes 01                                  ;   ; FAIL 1 bytes of data, expected 2
