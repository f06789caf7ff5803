: filter OUTPUT,INPUT,FORWARD
-m statistic --mode nth --every 3 --packet 0  ; = ; OK
    tcp                                       ; yes         # each chain's rule has a round of its own
    tcp                                       ; no
    udp frag=2                                ; no          # every packet counts
    tcp path=input                            ; yes
    tcp path=input                            ; no
    tcp                                       ; yes
    tcp path=input                            ; no
    tcp path=input                            ; yes
    tcp                                       ; no
-m statistic --mode nth --every 3 --packet 2  ; = ; OK
    tcp                                       ; no
    tcp                                       ; no
    tcp                                       ; yes
    tcp                                       ; no
    tcp                                       ; no
    tcp                                       ; yes
-m statistic --mode nth ! --every 2 --packet 1 ; = ; OK
    tcp                                       ; yes
    tcp                                       ; no
    tcp                                       ; yes
-m statistic --mode nth --every 1 --packet 0  ; = ; OK
    tcp                                       ; yes
    tcp                                       ; yes
-p tcp -m statistic --mode nth --every 2 --packet 0 -m tcp --dport 80 ; = ; OK
    tcp dport=80                              ; yes
    udp dport=80                              ; no          # never gets to the round
    tcp dport=81                              ; no          # takes its place in it
    tcp dport=80                              ; yes
    tcp dport=80                              ; no
-p tcp -m tcp --dport 80 -m statistic --mode nth --every 2 --packet 0 ; = ; OK
    tcp dport=80                              ; yes
    tcp dport=81                              ; no          # takes none
    tcp dport=80                              ; no
    tcp dport=80                              ; yes
-m statistic --mode nth --every 2 --packet 0 -m statistic --mode nth --every 2 --packet 0 ; = ; OK
    tcp                                       ; yes         # the second is asked for every other packet
    tcp                                       ; no
    tcp                                       ; no
    tcp                                       ; no
    tcp                                       ; yes
6 -m statistic --mode nth --every 2 --packet 1 ; = ; OK
    tcp                                       ; no
    udp                                       ; yes
    tcp path=forward                          ; no
    tcp path=forward                          ; yes
-m statistic --mode nth --every 4294967295 --packet 4294967294 ; = ; OK
    tcp                                       ; no
patch 4 05 00 00 00 00 00 00 00 07 00 00 00   ; -m statistic --mode nth --every 6 --packet 0 ; OK    # begins behind its end
    tcp                                       ; no
patch 4 ff ff ff ff 00 00 00 00 fe ff ff ff   ; -m statistic --mode nth --every 0 --packet 0 ; OK
    tcp                                       ; no
    tcp                                       ; yes
    tcp                                       ; no
-m statistic --mode random --probability 0    ; -m statistic --mode random --probability 0.00000000000 ; OK
    tcp                                       ; no
-m statistic --mode random ! --probability 0  ; -m statistic --mode random ! --probability 0.00000000000 ; OK
    tcp                                       ; yes
-m statistic --mode random --probability 1    ; -m statistic --mode random --probability 1.00000000000 ; OK
    tcp                                       ; yes
    tcp                                       ; yes
-m statistic --mode random ! --probability 1  ; -m statistic --mode random ! --probability 1.00000000000 ; OK
    tcp                                       ; no
-m statistic --mode random --probability 0.5  ; -m statistic --mode random --probability 0.50000000000 ; REFUSED match statistic rev 0: not evaluated by this build: mode random draws a number for each packet
-m statistic --mode random ! --probability 0.33333 ; -m statistic --mode random ! --probability 0.33332999982 ; REFUSED mode random
patch 0 02                                    ;  ; FAIL mode 2
patch 2 02                                    ;  ; FAIL flags 0x2
-m statistic --mode nth --every 2             ;  ; FAIL requires
-m statistic --mode nth --every 10 --packet 10 ; ; FAIL the --packet p must be
-m statistic --mode random --probability 1.1  ;  ; FAIL out of range
bytes 00                                      ;  ; FAIL 1 bytes of data, expected 24
