: filter OUTPUT,INPUT,FORWARD via udp 136     # iptables has no option for it: loaded as udp, then renamed
-p udp -m udp --dport 53              ; -p udplite -m udplite --dport 53 ; OK
    udplite dport=53 ; yes
    udplite dport=54 ; no
    udplite dport=53 len=27 ; hotdrop
    udplite dport=53 frag=1 ; no
    udp dport=53 ; no
    udplite dport=53 path=input ; yes
    udplite dport=53 path=forward ; yes
-p udp -m udp ! --sport 5:7           ; -p udplite -m udplite ! --sport 5:7 ; OK
    udplite sport=4 ; yes
    udplite sport=5 ; no
    udplite sport=7 ; no
    udplite sport=4 frag=3 ; no
patch 8 08                            ;   ; FAIL invflags 0x8
6 -p udp -m udp --sport 1:            ; -p udplite -m udplite --sport 1:65535 ; OK
    udplite sport=0 ; no
    udplite sport=1 ; yes
    udplite len=44 ; hotdrop
    frag=6 udplite sport=1 ; no
bytes 00                              ;   ; FAIL 1 bytes of data, expected 10
