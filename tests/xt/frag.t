: filter OUTPUT,INPUT,FORWARD
6 -m frag                             ; = ; OK
    udp                               ; no          # no fragment header
    mf udp                            ; yes
    frag=8 udp                        ; yes         # later fragments have it too
    frag=8 mf path=input              ; yes
    frag=8 mf path=forward            ; yes
    header=44:00000000000005 udp      ; yes         # a fragment that is the whole
    dst-opts=16 hop=8 mf udp          ; yes
    ah=16 routing=8 mf udp            ; yes
    frag=8 after=dst-opts=8 udp       ; yes         # what cannot be followed comes behind it
    header=44:00000000000005 dst-opts=8 len=60 ; yes
    header=44:000000000000 len=47     ; hotdrop     # the header is not whole
    header=44:00000000000005 len=43   ; hotdrop
    header=44:00000000000005 len=44   ; hotdrop
    header=44:00000000000005 len=48   ; yes
    header=44:00000000000005 len=41   ; hotdrop
    header=44:00000000000005 len=40   ; hotdrop
    dst-opts=16 mf len=48             ; hotdrop     # the chain goes on behind the packet
    dst-opts=16 udp len=48            ; no          # so does this one, but it is known not to be a fragment
    ah=12 len=41                      ; hotdrop
    routing=8 udp len=43              ; hotdrop     # a routing header must show four bytes
    routing=8 udp len=44              ; no
    proto=59                          ; no
    proto=50                          ; no
    header=59:00000000000005 udp      ; no          # nothing is followed behind "no next header"
    header=44:00000000000001 header=44:00000000000002 udp ; yes
6 -m frag --fragid 5                  ; = ; OK
    header=44:00000000000005 udp      ; yes
    header=44:00000000000004 udp      ; no
    header=44:00000000000006 udp      ; no
    header=44:00000000000104 header=44:00000000000005 udp ; no   # the first one counts
    udp                               ; no
6 -m frag ! --fragid 5                ; = ; OK
    header=44:00000000000005 udp      ; no
    header=44:00000000000004 udp      ; yes
    udp                               ; no          # the inversion is of the number alone
    header=44:00000000000004 len=45   ; hotdrop
6 -m frag --fragid 1:42               ; = ; OK
    header=44:00000000000000 udp      ; no
    header=44:00000000000001 udp      ; yes
    header=44:0000000000002a udp      ; yes
    header=44:0000000000002b udp      ; no
6 -m frag --fragid 4294967295         ; = ; OK
    header=44:000000ffffffff udp      ; yes
    header=44:000000fffffffe udp      ; no
6 -m frag --fragid 0:4294967295       ; -m frag ; OK
6 -m frag --fragid :5                 ; -m frag --fragid 0:5 ; OK
6 -m frag --fragid 9:3                ; = ; OK          # never true
    header=44:00000000000005 udp      ; no
    header=44:00000000000005 len=44   ; hotdrop
6 -m frag ! --fragid 9:3              ; = ; OK
    header=44:00000000000005 udp      ; yes
6 -m frag --fraglen 42                ; = ; OK          # kept, and not looked at
    mf udp                            ; yes
6 -m frag ! --fraglen 42              ; = ; OK
    mf udp                            ; yes
6 -m frag --fragres                   ; = ; OK
    header=44:00000100000005 udp      ; yes
    header=44:00000200000005 udp      ; no
    header=44:00000400000005 udp      ; no
    header=44:80000100000005 udp      ; no
    header=44:01000000000005 udp      ; no
    header=44:0000f800000005 udp      ; yes
6 -m frag --fragfirst                 ; = ; OK
    mf udp                            ; yes
    header=44:00000600000005 udp      ; yes
    frag=1 mf udp                     ; no
    frag=8191 udp                     ; no
6 -m frag --fragmore                  ; = ; OK
    mf udp                            ; yes
    frag=3 mf udp                     ; yes
    frag=3 udp                        ; no
    header=44:00000000000005 udp      ; no
6 -m frag --fraglast                  ; = ; OK
    mf udp                            ; no
    frag=3 udp                        ; yes
    header=44:00000000000005 udp      ; yes
6 -m frag --fragfirst --fraglast      ; = ; OK
    header=44:00000000000005 udp      ; yes
    mf udp                            ; no
    frag=3 udp                        ; no
6 -m frag ! --fragid 1 ! --fraglen 42 --fragres --fragfirst ; = ; OK
    header=44:00000000000002 udp      ; yes
    header=44:00000000000001 udp      ; no
6 -m frag --fragid 5 --fragres --fragfirst --fragmore ; = ; OK
    header=44:00000100000005 udp      ; yes
    header=44:00000900000005 udp      ; no
6 -p udp -m udp --dport 53 -m frag --fragmore ; = ; OK
    mf udp dport=53                   ; yes
    mf udp dport=54                   ; no
    frag=8 mf udp dport=53            ; no
6 -m frag --fragmore --fraglast       ;   ; FAIL cannot be used together
6 -m frag --fragid x                  ;   ; FAIL frag
6 -m frag                             ; = ; OK
6 patch 12 30                         ; -m frag --fragmore --fraglast ; OK
    mf udp                            ; no
    frag=3 udp                        ; no
    mf len=44                         ; hotdrop
6 patch 12 c0 00                      ; -m frag ; OK
    mf udp                            ; yes
6 patch 13 01                         ; -m frag ; OK    # all numbers, inverted: never true; the text cannot say it
    mf udp                            ; no
6 patch 13 04                         ;   ; FAIL invflags 0x4
6 bytes 00 00 00 00                   ;   ; FAIL 4 bytes of data, expected 16
