: filter OUTPUT,INPUT,FORWARD
6 -p ipv6-icmp -m icmp6 --icmpv6-type 128     ; = ; OK
    icmp6 type=128 ; yes
    icmp6 type=128 code=7 ; yes
    icmp6 type=129 ; no
    icmp6 type=128 len=48 ; yes
    icmp6 type=128 len=47 ; hotdrop
    icmp6 type=128 len=40 ; hotdrop
    frag=4 icmp6 type=128 ; no
    mf icmp6 type=128 ; yes
    hop=8 icmp6 type=128 ; yes
    icmp6 type=128 path=input ; yes
    icmp6 type=128 path=forward ; yes
    udp ; no
6 -p ipv6-icmp -m icmp6 --icmpv6-type 1/4     ; = ; OK
    icmp6 type=1 code=4 ; yes
    icmp6 type=1 code=3 ; no
6 -p ipv6-icmp -m icmp6 ! --icmpv6-type 1/4   ; = ; OK
    icmp6 type=1 code=4 ; no
    icmp6 type=1 code=3 ; yes
    icmp6 type=2 code=4 ; yes
    frag=4 icmp6 type=2 ; no
6 -p ipv6-icmp -m icmp6 --icmpv6-type 255     ; = ; OK    # an ordinary number here
    icmp6 type=255 ; yes
    icmp6 type=254 ; no
6 -p ipv6-icmp -m icmp6 ! --icmpv6-type 255   ; = ; OK
    icmp6 type=255 ; no
    icmp6 type=1 ; yes
6 -p icmpv6 --icmpv6-type echo-reply          ; -p ipv6-icmp -m icmp6 --icmpv6-type 129 ; OK
6 -p icmpv6 --icmpv6-type no-route            ; -p ipv6-icmp -m icmp6 --icmpv6-type 1/0 ; OK
    icmp6 type=1 code=0 ; yes
    icmp6 type=1 code=1 ; no
6 patch 0 01 02 05                            ; -p ipv6-icmp -m icmp6 --icmpv6-type 1/2 ; OK
    icmp6 type=1 code=1 ; no
    icmp6 type=1 code=2 ; yes
    icmp6 type=1 code=5 ; yes
    icmp6 type=1 code=6 ; no
6 patch 3 80                                  ;   ; FAIL invflags 0x80
6 -p icmpv6 --icmpv6-type 256                 ;   ; FAIL Unknown ICMPv6 type
6 -m icmp6 --icmpv6-type 1                    ;   ; FAIL Invalid argument
-p icmp -m icmp6 --icmpv6-type 1              ;   ; FAIL Couldn't load match
6 bytes 01 00 ff                              ;   ; FAIL 3 bytes of data, expected 4
