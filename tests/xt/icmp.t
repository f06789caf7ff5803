: filter OUTPUT,INPUT,FORWARD
-p icmp -m icmp --icmp-type 8           ; = ; OK
    icmp type=8 ; yes
    icmp type=8 code=255 ; yes
    icmp type=0 ; no
    icmp type=8 len=28 ; yes
    icmp type=8 len=27 ; hotdrop
    icmp type=8 len=20 ; hotdrop
    icmp type=8 frag=1 ; no
    icmp type=8 mf ; yes
    icmp type=8 path=input ; yes
    icmp type=8 path=forward ; yes
    udp ; no
-p icmp -m icmp --icmp-type 3/4         ; = ; OK
    icmp type=3 code=4 ; yes
    icmp type=3 code=3 ; no
    icmp type=3 code=5 ; no
    icmp type=4 code=4 ; no
-p icmp -m icmp ! --icmp-type 3/4       ; = ; OK
    icmp type=3 code=4 ; no
    icmp type=3 code=5 ; yes
    icmp type=8 ; yes
    icmp type=8 frag=2 ; no
    icmp len=25 ; hotdrop
-p icmp -m icmp --icmp-type any         ; = ; OK
    icmp type=8 ; yes
    icmp type=255 code=3 ; yes
    icmp len=24 ; hotdrop
    icmp frag=1 ; no
-p icmp -m icmp ! --icmp-type any       ; = ; OK
    icmp type=8 ; no
    icmp type=255 ; no
    icmp len=24 ; hotdrop
-p icmp -m icmp --icmp-type 255         ; -p icmp -m icmp --icmp-type any ; OK
    icmp type=4 ; yes
-p icmp -m icmp --icmp-type echo-request ; -p icmp -m icmp --icmp-type 8 ; OK
-p icmp -m icmp --icmp-type host-unreachable ; -p icmp -m icmp --icmp-type 3/1 ; OK
-p icmp -m icmp --icmp-type 0/0         ; = ; OK
    icmp type=0 code=0 ; yes
    icmp type=0 code=1 ; no
patch 0 03 02 09                        ; -p icmp -m icmp --icmp-type 3/2 ; OK      # codes 2 to 9: no text says it
    icmp type=3 code=1 ; no
    icmp type=3 code=2 ; yes
    icmp type=3 code=9 ; yes
    icmp type=3 code=10 ; no
patch 0 03 02 09 01                     ; -p icmp -m icmp ! --icmp-type 3/2 ; OK
    icmp type=3 code=1 ; yes
    icmp type=3 code=2 ; no
    icmp type=3 code=9 ; no
    icmp type=3 code=10 ; yes
    icmp type=2 code=5 ; yes
patch 0 03 09 02                        ; -p icmp -m icmp --icmp-type 3/9 ; OK      # no code at all
    icmp type=3 code=5 ; no
patch 0 03 09 02 01                     ; -p icmp -m icmp ! --icmp-type 3/9 ; OK
    icmp type=3 code=5 ; yes
patch 0 ff 04 04                        ; -p icmp -m icmp --icmp-type any ; OK      # codes of type 255 do not count
    icmp type=3 code=5 ; yes
patch 3 02                              ;   ; FAIL invflags 0x2
-p icmp -m icmp                         ;   ; FAIL must be specified
-p icmp -m icmp --icmp-type 256         ;   ; FAIL Unknown ICMP type
-p icmp -m icmp --icmp-type nonsense    ;   ; FAIL Unknown ICMP type
-m icmp --icmp-type 8                   ;   ; FAIL Invalid argument
-p tcp -m icmp --icmp-type 8            ;   ; FAIL Invalid argument
6 -p icmp -m icmp --icmp-type 8         ;   ; FAIL Couldn't load match
bytes 08 00 ff                          ;   ; FAIL 3 bytes of data, expected 4
