: filter INPUT,FORWARD,OUTPUT
-m cpu --cpu 0                               ; = ; REFUSED which CPU
-m cpu ! --cpu 1                             ; = ; REFUSED which CPU
-m cpu --cpu 8191                            ; = ; REFUSED which CPU
-m cpu --cpu 8192                            ; = ; OK          # more than any kernel has
    udp                                      ; no
    udp path=forward                         ; no
-m cpu ! --cpu 4294967295                    ; = ; OK
    udp                                      ; yes
    udp path=input                           ; yes
patch 4 00                                   ; -m cpu --cpu 4294967295 ; OK
    udp                                      ; no
patch 4 02                                   ;   ; FAIL invert 0x2
patch 4 01 01                                ;   ; FAIL invert 0x101
6 -m cpu --cpu 10000                         ; = ; OK
    udp                                      ; no
6 -m cpu ! --cpu 0                           ; = ; REFUSED which CPU
-m cpu --cpu 4294967296                      ;   ; FAIL out of range
-m cpu                                       ;   ; FAIL must be specified
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 8
