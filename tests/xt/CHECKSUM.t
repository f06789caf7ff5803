: mangle OUTPUT,INPUT,FORWARD
-j CHECKSUM --checksum-fill               ; = ; OK
    udp path=forward                      ; yes
    tcp path=input                        ; yes
patch 0 00                                ;   ; FAIL operation 0x00
patch 0 02                                ;   ; FAIL operation 0x02
6 -j CHECKSUM --checksum-fill             ; = ; OK
    udp path=forward                      ; yes
-j CHECKSUM                               ;   ; FAIL must be specified
-t filter -j CHECKSUM --checksum-fill     ;   ; FAIL Invalid argument
bytes                                     ;   ; FAIL 0 bytes of data, expected 1
