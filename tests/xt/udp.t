: filter OUTPUT,INPUT,FORWARD
-p udp -m udp                         ; = ; OK
    udp ; yes
    udp len=28 ; yes
    udp len=27 ; hotdrop                        # no whole header
    udp len=20 ; hotdrop
    udp len=27 path=input ; hotdrop
    udp len=27 path=forward ; hotdrop
    tcp ; no
    udp frag=2 ; no                             # a later fragment has no header
    udp frag=2 len=24 ; no                      # and is not short
    udp frag=1 ; no
    udp mf ; yes
    udp mf len=24 ; hotdrop
-p udp -m udp --dport 53              ; = ; OK
    udp dport=53 ; yes
    udp dport=52 ; no
    udp dport=54 ; no
    udp sport=53 dport=54 ; no
    udp dport=53 path=input ; yes
    udp dport=53 path=forward ; yes
    udp dport=53 mf path=input ; unreached
-p udp -m udp --sport 1000:2000       ; = ; OK
    udp sport=999 ; no
    udp sport=1000 ; yes
    udp sport=2000 ; yes
    udp sport=2001 ; no
-p udp -m udp ! --sport 1000:2000     ; = ; OK
    udp sport=999 ; yes
    udp sport=1000 ; no
    udp sport=2000 ; no
    udp sport=2001 ; yes
    udp sport=1 frag=4 ; no                     # inversion does not make a fragment match
    udp len=22 ; hotdrop
-p udp -m udp ! --sport 53 ! --dport 53 ; = ; OK
    udp sport=1 dport=2 ; yes
    udp sport=53 dport=2 ; no
    udp sport=1 dport=53 ; no
-p udp -m udp --sport 0:0 --dport 65535 ; -p udp -m udp --sport 0 --dport 65535 ; OK
    udp sport=0 dport=65535 ; yes
    udp sport=0 dport=65534 ; no
    udp sport=1 dport=65535 ; no
-p udp -m udp --sport 0:65535         ; -p udp -m udp ; OK
    udp ; yes
-p udp -m udp ! --dport 0:65535       ; -p udp -m udp ; OK      # never true; the text cannot say it
    udp ; no
    udp len=20 ; hotdrop
-p udp -m udp --dport domain          ; -p udp -m udp --dport 53 ; OK
-p udp -m udp --dport :10             ; -p udp -m udp --dport 0:10 ; OK
    udp dport=10 ; yes
    udp dport=11 ; no
patch 4 0a 00 05 00                   ; -p udp -m udp --dport 10:5 ; OK
    udp dport=7 ; no
patch 4 0a 00 05 00 02                ; -p udp -m udp ! --dport 10:5 ; OK
    udp dport=7 ; yes
    udp dport=7 frag=1 ; no
patch 8 04                            ;   ; FAIL invflags 0x4
-p 17 --dport 7                       ; -p udp -m udp --dport 7 ; OK
-s 10.0.0.1/32 -p udp -m udp --dport 9 ; = ; OK
    udp dport=9 ; yes
    udp dport=9 src=10.0.0.2 ; no
    udp dport=9 src=10.0.0.2 len=22 ; no        # the header condition fails first
6 -p udp -m udp --dport 53            ; = ; OK
    udp dport=53 ; yes
    udp dport=54 ; no
    udp len=47 ; hotdrop
    udp dport=53 len=48 ; yes
    hop=8 udp dport=53 ; yes
    dst-opts=16 hop=8 udp dport=53 ; yes
    mf udp dport=53 ; yes
    mf after=dst-opts=8 udp dport=53 ; yes
    frag=8 udp dport=53 ; no
    frag=1 udp dport=53 ; no
    frag=8 udp dport=53 path=input ; no         # IPv6 fragments walk INPUT one by one
    udp dport=53 path=forward ; yes
    frag=8 after=dst-opts=8 udp ; hotdrop       # the header condition cannot be answered
    routing=8 udp dport=53 ; yes
    ah=12 udp dport=53 ; yes
    tcp dport=53 ; no
6 -p udp -m udp ! --sport 5:6         ; = ; OK
    udp sport=4 ; yes
    udp sport=6 ; no
    frag=8 udp sport=4 ; no
-p udp -m udp --dport 65536           ; -p udp -m udp --dport 0 ; OK      # cut to 16 bits
    udp dport=0 ; yes
-p udp -m udp --dport 7:5             ; = ; OK                            # never true
    udp dport=6 ; no
-p udp -m udp --dport nonsense        ;   ; FAIL does not resolve
-m udp --dport 5                      ;   ; FAIL Invalid argument
! -p udp -m udp                       ;   ; FAIL Invalid argument
-p tcp -m udp                         ;   ; FAIL Invalid argument
bytes 00 00 ff ff                     ;   ; FAIL 4 bytes of data, expected 10
