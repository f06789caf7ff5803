: filter OUTPUT,INPUT,FORWARD
6 -m ipv6header --header hop-by-hop   ; = ; OK         # hard: this set and no other, the upper header included
    hop=8 udp                         ; no
    hop=8 dst-opts=8                  ; no
    udp                               ; no
6 -m ipv6header --header hop,prot     ; -m ipv6header --header hop-by-hop,protocol ; OK
    hop=8 udp                         ; yes
    hop=8 hop=8 tcp                   ; yes         # a set
    hop=8 udp path=input             ; yes
    hop=8 udp path=forward           ; yes
    udp                               ; no
    hop=8 dst-opts=8 udp              ; no
    hop=8                             ; no          # no next header
    hop=8 proto=50 data=xx            ; no
    hop=8 proto=135                   ; yes         # mobility is an upper header here
    hop=16 len=48 udp                 ; yes         # beyond the packet: what was found so far
    hop=16 len=41 udp                 ; no
6 -m ipv6header ! --header hop,prot   ; -m ipv6header ! --header hop-by-hop,protocol ; OK
    hop=8 udp                         ; no
    hop=8 dst-opts=8 udp              ; yes
    udp                               ; yes
    hop=16 len=41 udp                 ; no          # no answer is no match
    hop=16 len=48 udp                 ; no
6 -m ipv6header --header ipv6-nonxt   ; = ; OK
    proto=59                          ; yes
    proto=59 data=more                ; yes
    udp                               ; no
    dst-opts=8                        ; no
6 -m ipv6header --header esp          ; = ; OK
    proto=50 data=xx                  ; yes
    proto=50 data=x                   ; no
    proto=50                          ; no
6 -m ipv6header ! --header esp        ; = ; OK
    proto=50 data=x                   ; no
    udp                               ; yes
6 -m ipv6header --header hop,dst,route,frag,auth,esp,none,prot ; -m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol ; OK
    hop=8 dst-opts=8 routing=8 mf ah=12 udp ; no
6 -m ipv6header --header hop,dst,route,frag,auth,prot --soft ; -m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,protocol --soft ; OK
    hop=8 dst-opts=8 routing=8 ah=12 mf udp ; yes
    hop=8 dst-opts=8 routing=8 ah=12 mf ; no
    hop=8 dst-opts=8 routing=8 mf udp ; no
6 -m ipv6header --header hop,prot --soft ; -m ipv6header --header hop-by-hop,protocol --soft ; OK
    hop=8 udp                         ; yes
    dst-opts=8 hop=8 ah=12 tcp        ; yes
    hop=8                             ; no
    udp                               ; no
6 -m ipv6header ! --header frag --soft ; -m ipv6header ! --header ipv6-frag --soft ; OK
    udp                               ; yes
    mf udp                            ; no
    frag=8 udp                        ; no
    dst-opts=8 len=41                 ; no
6 -m ipv6header ! --header frag,ah --soft ; -m ipv6header ! --header ipv6-frag,ah --soft ; OK
    udp                               ; yes
    mf udp                            ; no
    ah=12 udp                         ; no          # none of them, not: not all
6 -m ipv6header --header frag,prot    ; -m ipv6header --header ipv6-frag,protocol ; OK
    mf udp                            ; yes
    frag=8 udp                        ; yes         # goes on behind a later fragment's header
    frag=8 after=dst-opts=8 udp       ; no
    frag=8 after=dst-opts=8 len=48    ; no
    header=44:00000000000005 len=44 udp ; yes
    header=44:00000000000005 len=41 udp ; no
    header=44:00000000000005 len=48 udp ; yes
6 -m ipv6header --header ah,prot      ; -m ipv6header --header ah,protocol ; OK
6 -m ipv6header --header auth,prot    ; -m ipv6header --header ah,protocol ; OK
    ah=12 udp                         ; yes
    ah=24 udp                         ; yes
    ah=24 len=60 udp                  ; yes
    ah=16 dst-opts=8 udp              ; no
6 -m ipv6header --header 44           ; -m ipv6header --header ipv6-frag ; OK
    header=44:00000000000005 header=59:00 len=44 ; yes     # beyond the packet, behind which nothing comes
    mf                                ; no
6 -m ipv6header --header 255 --soft   ; -m ipv6header --header protocol --soft ; OK
    udp                               ; yes
    proto=59                          ; no
    proto=255                         ; yes
    dst-opts=8 udp len=44             ; yes
6 -m ipv6header --header bogus        ;   ; FAIL unknown header
6 -m ipv6header                       ;   ; FAIL must be specified
6 -m ipv6header --header 60           ; -m ipv6header --header ipv6-opts ; OK
6 patch 0 00                          ; -m ipv6header --header NONE ; OK      # never: a whole packet has one bit at least
    udp                               ; no
6 patch 0 00 ff                       ; -m ipv6header ! --header NONE ; OK
    udp                               ; yes
    dst-opts=8 len=41                 ; no
6 patch 1 01                          ;   ; FAIL invflags 0x1
6 patch 1 80 01                       ; -m ipv6header ! --header ipv6-opts --soft ; OK   # the inversion is of another bit
    dst-opts=8 udp                    ; yes
    hop=8 udp                         ; no
6 patch 1 40 07                       ; -m ipv6header ! --header ipv6-opts --soft ; OK
    dst-opts=8 udp                    ; no
    udp                               ; yes
6 bytes 00                            ;   ; FAIL 1 bytes of data, expected 3
