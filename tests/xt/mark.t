: filter OUTPUT,INPUT,FORWARD
-m mark --mark 0x1             ; = ; OK
    mark=1 ; yes
    mark=0 ; no
    mark=0x80000001 ; no
    mark=1 frag=9 ; yes
    path=input ; no
-m mark ! --mark 0x1           ; = ; OK
    mark=1 ; no
    path=forward ; yes
-m mark --mark 0x10/0xf0       ; = ; OK
    mark=0x1f ; yes
    mark=0x20 ; no
    mark=0xffffff1f ; yes
-m mark --mark 0xff/0xf0       ; = ; OK      # bits outside the mask: never true
    mark=0xff ; no
    mark=0xf0 ; no
-m mark ! --mark 0xff/0xf0     ; = ; OK
    mark=0xff ; yes
-m mark --mark 0/0             ; -m mark --mark 0x0/0x0 ; OK
    mark=7 ; yes
-m mark ! --mark 0/0           ; -m mark ! --mark 0x0/0x0 ; OK
    mark=7 ; no
-m mark --mark 4294967295      ; -m mark --mark 0xffffffff ; OK
    mark=0xffffffff ; yes
    mark=0x7fffffff ; no
patch 8 03                     ; -m mark ! --mark 0xffffffff ; OK
    mark=0xffffffff ; yes
    mark=0 ; yes
6 -m mark --mark 0x5/0x7       ; = ; OK
    mark=0xd ; yes
    mark=0x6 ; no
    udp mark=0x15 frag=3 ; yes
6 -m mark ! --mark 0x0         ; = ; OK
    path=input ; no
    path=forward ; no
    mark=1 ; yes
-m mark --mark 0x100000000     ;   ; FAIL mark
-m mark                        ;   ; FAIL mark: option "--mark" must be specified
bytes 01 00 00 00              ;   ; FAIL 4 bytes of data, expected 12
