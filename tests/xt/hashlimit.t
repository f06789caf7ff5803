: filter OUTPUT,INPUT,FORWARD
-m hashlimit --hashlimit-upto 2/hour --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name a ; = ; OK
    tcp src=10.0.0.1                          ; yes
    udp src=10.0.0.1 frag=2                   ; yes
    tcp src=10.0.0.1                          ; no
    tcp src=10.0.0.2                          ; yes
    tcp src=10.0.0.1 path=forward             ; no          # the table is one for all chains
    tcp src=10.0.0.2 path=input               ; yes
    tcp src=10.0.0.2 path=input               ; no
-m hashlimit --hashlimit-above 1/day --hashlimit-burst 1 --hashlimit-mode srcip,srcport,dstip,dstport --hashlimit-name b ; = ; OK
    tcp sport=1 dport=2                       ; no
    tcp sport=1 dport=2                       ; yes
    tcp sport=1 dport=3                       ; no
    tcp sport=2 dport=2                       ; no
    udp sport=1 dport=2                       ; yes         # the protocol is no part of the key
    udp len=23                                ; hotdrop     # the ports are cut off
    udp frag=3 len=23                         ; hotdrop
    proto=99 len=20                           ; no          # no ports: 0
    proto=99 len=20                           ; yes
-m hashlimit --hashlimit-above 1/day --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name c --hashlimit-srcmask 24 ; = ; OK
    tcp src=10.0.0.1                          ; no
    tcp src=10.0.0.2                          ; yes
    tcp src=10.0.1.2                          ; no
-m hashlimit --hashlimit-upto 5/hour --hashlimit-burst 1 --hashlimit-name d ; = ; OK    # one bucket
    tcp src=10.0.0.1                          ; yes
    tcp src=10.0.0.2                          ; no
-m hashlimit --hashlimit-upto 16b/s --hashlimit-name e ; -m hashlimit --hashlimit-upto 16b/s --hashlimit-name e ; OK
    tcp len=40                                ; yes         # costs all that there is
    tcp len=20                                ; no
-m hashlimit --hashlimit-upto 4kb/s --hashlimit-burst 12kb --hashlimit-name f ; = ; OK
    tcp len=1000                              ; yes
-m hashlimit --hashlimit-upto 40/sec --hashlimit-burst 20 --hashlimit-mode srcip --hashlimit-name g --hashlimit-rate-match --hashlimit-rate-interval 100 ; = ; OK
    tcp                                       ; yes
-m hashlimit --hashlimit-above 1/sec --hashlimit-burst 1 --hashlimit-name h --hashlimit-rate-match --hashlimit-rate-interval 100 ; = ; OK
    tcp                                       ; no          # burst and rate make two
    tcp                                       ; no
    tcp                                       ; yes
-m hashlimit --hashlimit-upto 1/sec --hashlimit-mode srcip --hashlimit-name i --hashlimit-htable-size 1 --hashlimit-htable-max 2 --hashlimit-htable-expire 60000 ; -m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name i --hashlimit-htable-size 1 --hashlimit-htable-max 2 --hashlimit-htable-expire 60000 ; OK
    tcp src=10.0.0.1                          ; yes
    tcp src=10.0.0.2                          ; yes
    tcp src=10.0.0.3                          ; hotdrop     # the table is full
    tcp src=10.0.0.2                          ; yes
6 -m hashlimit --hashlimit-above 1/day --hashlimit-burst 1 --hashlimit-mode srcip,dstport --hashlimit-name k --hashlimit-srcmask 33 ; = ; OK
    tcp src=2001:db8::1                       ; no
    tcp src=2001:db8:7fff::1                  ; yes
    tcp src=2001:db8:8000::1                  ; no
    tcp src=2001:db8::1 hop=8                 ; yes
    tcp src=2001:db8::1 frag=3                ; no          # no ports in it
    tcp src=2001:db8::1 len=42                ; hotdrop
-m hashlimit --hashlimit-name mini1           ;  ; FAIL You have to specify
-m hashlimit --hashlimit-upto 1/s --hashlimit-name a/b ;  ; FAIL Invalid argument
-m hashlimit --hashlimit-upto 3/sec --hashlimit-burst 5 --hashlimit-name m ; = ; OK
patch 275 80                                  ;  ; FAIL mode
patch 284 00 00 00 00                         ;  ; FAIL a time of 0
patch 296 21                                  ;  ; FAIL masks 33
patch 256 00*8                                ; -m hashlimit --hashlimit-upto inf --hashlimit-burst 5 --hashlimit-name m --hashlimit-htable-expire 1000 ; OK
    tcp                                       ; yes
patch 264 00*8                                ;  ; FAIL time 333333 and burst 0
patch 0 00                                    ;  ; FAIL a table name
revision 1 'old' 00*13 04 00*3 10 27 00*2 02 00*3 00*4 00*4 e8 03 00*2 e8 03 00*2 20 20 00*10 ; -m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name old ; OK
    tcp                                       ; yes
    tcp                                       ; yes
bytes 00                                      ;  ; FAIL 1 bytes of data, expected
