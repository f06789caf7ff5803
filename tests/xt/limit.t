: filter OUTPUT,INPUT,FORWARD
-m limit --limit 3/hour                       ; = ; OK      # the bucket begins full: five packets
    tcp                                       ; yes
    udp frag=2                                ; yes
    tcp                                       ; yes
    tcp                                       ; yes
    tcp                                       ; yes
    tcp                                       ; no
    tcp                                       ; no
    tcp path=input                            ; yes         # each chain's rule has a bucket of its own
    tcp path=forward                          ; yes
-m limit --limit 2/day --limit-burst 2        ; = ; OK
    tcp                                       ; yes
    tcp                                       ; yes
    tcp                                       ; no
-p tcp -m limit --limit 2/day --limit-burst 2 -m tcp --dport 80 ; = ; OK
    tcp dport=81                              ; no          # pays all the same
    udp dport=80                              ; no          # does not
    tcp dport=80                              ; yes
    tcp dport=80                              ; no
-p tcp -m tcp --dport 80 -m limit --limit 2/day --limit-burst 2 ; = ; OK
    tcp dport=81                              ; no
    tcp dport=80                              ; yes
    tcp dport=80                              ; yes
    tcp dport=80                              ; no
6 -m limit --limit 2/hour --limit-burst 1     ; = ; OK
    tcp                                       ; yes
    tcp                                       ; no
    tcp path=forward                          ; yes
-m limit                                      ; -m limit --limit 3/hour ; OK
-m limit --limit 10000/sec                    ; = ; OK
-m limit --limit 7/minute                     ; -m limit --limit 7/min ; OK
-m limit --limit 90/minute                    ; -m limit --limit 90/min ; OK
-m limit --limit 1000/second --limit-burst 1  ; -m limit --limit 1000/sec --limit-burst 1 ; OK
-m limit --limit 10001/sec                    ;  ; FAIL Rate too fast
-m limit --limit 1/day --limit-burst 10000    ;  ; FAIL Numerical result out of range
-m limit --limit 7/minute --limit-burst 0     ;  ; FAIL Numerical result out of range
-m limit ! --limit 1/s                        ;  ; FAIL cannot be inverted
-m limit --limit 3/hour                       ; = ; OK
patch 4 00 00                                 ;  ; FAIL time 12000000 and burst 0
patch 0 00 00 00 00                           ; -m limit --limit inf ; OK       # no cost at all
    tcp                                       ; yes
    tcp                                       ; yes
    tcp                                       ; yes
    tcp                                       ; yes
    tcp                                       ; yes
    tcp                                       ; yes
patch 24 01                                   ; -m limit --limit 3/hour ; REFUSED a cost in its data
bytes 00                                      ;  ; FAIL 1 bytes of data, expected 40
