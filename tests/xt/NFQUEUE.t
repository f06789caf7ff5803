: filter OUTPUT,INPUT,FORWARD
-j NFQUEUE                                      ; -j NFQUEUE --queue-num 0 ; OK
    udp path=forward ; yes
    udp path=input ; yes
    tcp len=22 ; yes
patch -1 00                                     ; -j NFQUEUE --queue-num 0 ; OK        # revision 0 has but a number
patch -1 01                                     ; -j NFQUEUE --queue-num 0 ; OK
patch -1 02                                     ; -j NFQUEUE --queue-num 0 ; OK
-j NFQUEUE --queue-num 65535                    ; = ; OK
-j NFQUEUE --queue-num 65536                    ;   ; FAIL out of range
-j NFQUEUE --queue-balance 1:4                  ; = ; OK
    udp path=forward ; yes
patch 2 00 00                                   ;   ; FAIL no queue
patch 0 fd ff                                   ;   ; FAIL queues 65533:65536
-j NFQUEUE --queue-balance 0:65534              ; = ; OK
-j NFQUEUE --queue-balance 0:65535              ;   ; FAIL Invalid argument
-j NFQUEUE --queue-num 10 --queue-bypass        ; = ; OK
    udp path=forward ; yes
    udp path=input ; yes
-j NFQUEUE --queue-balance 0:6 --queue-cpu-fanout --queue-bypass ; -j NFQUEUE --queue-balance 0:6 --queue-bypass --queue-cpu-fanout ; OK
    udp path=forward ; yes
patch 4 04                                      ;   ; FAIL flags 0x4
patch -1 02                                     ;   ; FAIL flags 0x3                   # revision 2 has one flag
6 -j NFQUEUE --queue-balance 5:9                ; = ; OK
    udp path=forward ; yes
6 -j NFQUEUE --queue-num 5 --queue-cpu-fanout   ;   ; FAIL requires
