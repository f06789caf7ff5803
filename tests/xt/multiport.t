: filter OUTPUT,INPUT,FORWARD
-p tcp -m multiport --dports 22,80,443         ; = ; OK
    tcp dport=22 ; yes
    tcp dport=80 ; yes
    tcp dport=443 ; yes
    tcp dport=81 ; no
    tcp sport=22 dport=81 ; no
    tcp dport=22 len=24 ; yes                  # four bytes are enough
    tcp dport=22 len=23 ; hotdrop
    tcp len=20 ; hotdrop
    tcp dport=22 frag=1 ; no                   # not this match's concern
    tcp dport=22 frag=9 ; no
    tcp dport=22 mf ; yes
    tcp dport=22 path=input ; yes
    tcp dport=22 path=forward ; yes
    udp dport=22 ; no
-p udp -m multiport --sports 10:20,30,40:50    ; = ; OK
    udp sport=9 ; no
    udp sport=10 ; yes
    udp sport=20 ; yes
    udp sport=21 ; no
    udp sport=30 ; yes
    udp sport=31 ; no
    udp sport=45 ; yes
    udp sport=51 dport=45 ; no
-p udp -m multiport --ports 53,1000:2000       ; = ; OK
    udp sport=53 dport=1 ; yes
    udp sport=1 dport=53 ; yes
    udp sport=1500 dport=1 ; yes
    udp sport=1 dport=2000 ; yes
    udp sport=999 dport=2001 ; no
    udp sport=53 frag=4 ; no
-p udp -m multiport ! --ports 53,1000:2000     ; = ; OK
    udp sport=53 dport=1 ; no
    udp sport=1 dport=53 ; no
    udp sport=999 dport=2001 ; yes
    udp sport=999 dport=2001 frag=4 ; no
    udp len=22 ; hotdrop
-p tcp -m multiport ! --dports 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29 ; = ; OK
    tcp dport=0 ; yes
    tcp dport=1 ; no
    tcp dport=2 ; yes
    tcp dport=29 ; no
    tcp dport=30 ; yes
    tcp dport=65535 ; yes
-p tcp -m multiport --ports 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29 ; = ; OK      # too many boxes for the index
    tcp sport=2 dport=29 ; yes
    tcp sport=29 dport=2 ; yes
    tcp sport=2 dport=4 ; no
    tcp sport=3 frag=4 ; no
-p tcp -m multiport ! --ports 1,3,5,7,9,11     ; = ; OK
    tcp sport=2 dport=4 ; yes
    tcp sport=1 dport=4 ; no
    tcp sport=2 dport=11 ; no
-p tcp -m multiport --dports 0:65535           ; = ; OK
    tcp ; yes
    tcp frag=2 ; no
-p tcp -m multiport ! --dports 0:65535         ; = ; OK
    tcp ; no
-p sctp -m multiport --dports 5,6              ; = ; OK
    sctp dport=6 ; yes
    sctp dport=7 ; no
-p dccp -m multiport --sports 5                ; = ; OK
    dccp sport=5 ; yes
    dccp sport=6 ; no
-p udplite -m multiport --ports 5              ; = ; OK
    udplite sport=5 ; yes
    udplite sport=1 dport=1 ; no
-p tcp -m multiport --destination-ports http,https ; -p tcp -m multiport --dports 80,443 ; OK
-p tcp -m multiport --dports 10:20,15,5:12     ; = ; OK
    tcp dport=5 ; yes
    tcp dport=20 ; yes
    tcp dport=21 ; no
patch 47 02                                    ; -p tcp -m multiport ! --dports 10:20,15,5:12 ; OK     # the kernel xors the byte into the answer
    tcp dport=20 ; yes
    tcp dport=21 ; yes
    tcp dport=21 frag=2 ; no
patch 1 00                                     ; -p tcp -m multiport --dports ; OK       # and a space behind it
    tcp dport=20 ; no
patch 1 10                                     ;   ; FAIL 16 ports
patch 0 03                                     ;   ; FAIL flags 3
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 ; = ; OK
    tcp dport=15 ; yes
    tcp dport=16 ; no
patch 46 01                                    ;   ; FAIL a range that begins at the last port, 15
-p tcp -m multiport --dports 10                ; = ; OK
patch 32 01                                    ;   ; FAIL a range that begins at the last port, 10
patch 33 01                                    ; -p tcp -m multiport --dports 10 ; OK      # a mark behind the count
    tcp dport=10 ; yes
-p tcp -m multiport --dports 10:20,30          ; = ; OK
patch 33 01                                    ;   ; FAIL port 20 as end and begin
patch 2 1e 00                                  ;   ; FAIL ports 30:20
patch 2 14 00                                  ; -p tcp -m multiport --dports 20:20,30 ; OK
    tcp dport=20 ; yes
    tcp dport=19 ; no
patch 1 02                                     ; -p tcp -m multiport --dports 10:20 ; OK
    tcp dport=30 ; no
    tcp dport=15 ; yes
6 -p tcp -m multiport --dports 22,8000:9000    ; = ; OK
    tcp dport=22 ; yes
    tcp dport=8500 ; yes
    tcp dport=7999 ; no
    tcp dport=22 len=43 ; hotdrop
    tcp dport=22 len=44 ; yes
    hop=16 tcp dport=22 ; yes
    frag=3 tcp dport=22 ; no
    mf tcp dport=22 ; yes
    tcp dport=22 path=input ; yes
    tcp dport=22 path=forward ; yes
6 -p udp -m multiport ! --sports 5             ; = ; OK
    udp sport=5 ; no
    udp sport=6 ; yes
    frag=3 udp sport=6 ; no
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 ; ; FAIL too many ports
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14:15 ; -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14:15 ; OK
    tcp dport=15 ; yes
-m multiport --dports 22                       ;   ; FAIL multiport
! -p tcp -m multiport --dports 22              ;   ; FAIL multiport
-p icmp -m multiport --dports 22               ;   ; FAIL multiport
-p tcp -m multiport --dports 9:7               ;   ; FAIL invalid portrange
-p tcp -m multiport                            ;   ; FAIL multiport
bytes 00 01 16 00                              ;   ; FAIL 4 bytes of data, expected 48
