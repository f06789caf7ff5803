: filter OUTPUT,INPUT,FORWARD
-m length --length 40        ; = ; OK
    udp len=40 ; yes
    udp len=39 ; no
    udp len=41 ; no
    udp len=40 path=input ; yes
    udp len=40 path=forward ; yes
    frag=3 udp len=40 ; yes                     # each fragment with its own length
    udp len=40 mf path=forward ; yes
-m length --length 20:28     ; = ; OK
    len=20 ; yes
    udp len=28 ; yes
    udp len=29 ; no
-m length ! --length 100:200 ; = ; OK
    udp len=99 ; yes
    udp len=100 ; no
    udp len=200 ; no
    udp len=201 ; yes
-m length --length 65535     ; = ; OK
    udp len=65535 ; yes
    udp len=65534 ; no
-m length --length 0:65535   ; = ; OK
    udp ; yes
-m length ! --length 0:65535 ; = ; OK
    udp ; no
-m length --length 100:      ; -m length --length 100:65535 ; OK
    udp len=100 ; yes
-m length --length :100      ; -m length --length 0:100 ; OK
    udp len=101 ; no
patch 4 02                   ; -m length ! --length 0:100 ; OK   # the kernel xors the byte into the answer
    udp len=100 ; yes
    udp len=101 ; yes
patch 0 64 00 0a 00          ; -m length --length 100:10 ; OK    # upside down: never true
    udp len=50 ; no
patch 0 64 00 0a 00 01       ; -m length ! --length 100:10 ; OK
    udp len=50 ; yes
6 -m length --length 48      ; = ; OK
    udp len=48 ; yes
    udp len=47 ; no
    udp len=49 ; no
    hop=8 len=48 ; yes
    frag=5 len=48 ; yes
    udp len=48 path=input ; yes
    udp len=48 path=forward ; yes
6 -m length ! --length 65535 ; = ; OK
    udp len=65535 ; no
    udp len=65534 ; yes
6 -m length --length 40      ; = ; OK
    len=40 ; yes
-m length --length 65536     ;   ; FAIL out of range
-m length --length 100:10    ; = ; OK
    udp len=50 ; no
-m length                    ;   ; FAIL --length
bytes 01 02 03 04 05         ;   ; FAIL 5 bytes of data, expected 6
