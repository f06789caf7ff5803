: filter OUTPUT,INPUT,FORWARD
6 -m hl --hl-eq 64        ; = ; OK
    ttl=64 ; yes
    ttl=63 ; no
    ttl=64 path=input ; yes
    ttl=65 path=forward ; yes          # the hook sees 64
    ttl=64 path=forward ; no
    ttl=1 path=forward ; unreached
    ttl=64 frag=8 mf udp ; yes         # fragments are looked at
    ttl=64 tcp len=40 ; yes
    ttl=64 hop=8 udp ; yes
6 -m hl ! --hl-eq 0       ; -m hl ! --hl-eq 0 ; OK
    ttl=0 ; no
    ttl=1 ; yes
6 -m hl --hl-lt 1         ; = ; OK
    ttl=0 path=input ; yes
    ttl=1 path=input ; no
6 -m hl --hl-lt 0         ; = ; OK
    ttl=0 ; no
6 -m hl --hl-gt 254       ; = ; OK
    ttl=255 ; yes
    ttl=254 ; no
6 -m hl --hl-gt 255       ; = ; OK
    ttl=255 ; no
6 -m hl --hl 7            ; -m hl --hl-eq 7 ; OK
    ttl=7 ; yes
6 -m hl --hl-eq 256       ;   ; FAIL out of range
6 -m hl                   ;   ; FAIL You must specify
-m hl --hl-eq 1           ;   ; FAIL Couldn't load match
6 bytes 01                ;   ; FAIL 1 bytes of data, expected 2
