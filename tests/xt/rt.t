: filter OUTPUT,INPUT,FORWARD
6 -m rt                               ; = ; OK
    udp                               ; no
    routing=8 udp                     ; yes
    routing=8 udp path=input          ; yes
    routing=8 udp path=forward        ; yes
    dst-opts=16 hop=8 ah=12 routing=8 udp ; yes
    mf after=routing=8 udp            ; yes
    frag=8 after=routing=8 udp        ; no
    routing=8 frag=8 udp              ; yes
    routing=8 len=41                  ; hotdrop
    routing=8 len=43                  ; hotdrop     # four bytes must show
    routing=8 len=44                  ; hotdrop          # the packet does not hold it whole
    routing=24 udp len=63             ; hotdrop
    routing=24 udp len=64             ; yes
    dst-opts=16 routing=8 len=50      ; hotdrop
    proto=59                          ; no
6 -m rt --rt-type 2                   ; = ; OK
    header=43:00020000000000 udp      ; yes
    header=43:00010000000000 udp      ; no
    header=43:00030000000000 udp      ; no
    header=43:00010000000000 header=43:00020000000000 udp ; no    # the first one
6 -m rt ! --rt-type 2                 ; = ; OK
    header=43:00020000000000 udp      ; no
    header=43:00010000000000 udp      ; yes
    udp                               ; no
6 -m rt --rt-type 256                 ; = ; OK          # no such type
    header=43:00000000000000 udp      ; no
    header=43:0000 len=43             ; hotdrop
6 -m rt ! --rt-type 256               ; = ; OK
    header=43:00000000000000 udp      ; yes
6 -m rt --rt-segsleft 1:23            ; = ; OK
    header=43:00040000000000 udp      ; no
    header=43:00040100000000 udp      ; yes
    header=43:00041700000000 udp path=forward ; yes
    header=43:00041800000000 udp      ; no
6 -m rt ! --rt-segsleft 1:23          ; = ; OK
    header=43:00040000000000 udp      ; yes
    header=43:00040100000000 udp      ; no
    header=43:00041700000000 udp      ; no
    header=43:0004ff00000000 udp      ; yes
6 -m rt --rt-segsleft 255             ; = ; OK
    header=43:0004ff00000000 udp      ; yes
    header=43:0004fe00000000 udp      ; no
6 -m rt --rt-segsleft 256:300         ; = ; OK          # no such number
    header=43:0004ff00000000 udp      ; no
6 -m rt ! --rt-segsleft 1:4294967295  ; = ; OK
    header=43:00040000000000 udp      ; yes
    header=43:00040100000000 udp      ; no
6 -m rt --rt-segsleft 7:3             ; = ; OK
    header=43:00040500000000 udp      ; no
6 -m rt ! --rt-segsleft 7:3           ; = ; OK
    header=43:00040500000000 udp      ; yes
6 -m rt --rt-segsleft 0:4294967295    ; -m rt ; OK
6 -m rt --rt-len 24                   ; = ; OK
    routing=24 udp                    ; yes
    routing=16 udp                    ; no
    routing=32 udp                    ; no
6 -m rt ! --rt-len 24                 ; = ; OK
    routing=24 udp                    ; no
    routing=16 udp                    ; yes
    routing=16 udp len=50             ; hotdrop
6 -m rt --rt-len 42                   ; = ; OK
    routing=40 udp                    ; no
6 -m rt --rt-type 0 --rt-segsleft 1:23 --rt-len 24 --rt-0-res ; = ; OK
    header=43:0200010000000020010db8000000000000000000000001 udp ; yes
    header=43:0200010000000120010db8000000000000000000000001 udp ; no
    header=43:0200018000000020010db8000000000000000000000001 udp ; no
    header=43:0200000000000020010db8000000000000000000000001 udp ; no
6 -m rt --rt-type 0 --rt-0-res        ; = ; OK
    header=43:00000000000000 udp      ; yes
    header=43:00000001000000 udp      ; no
6 -m rt --rt-type 0 --rt-0-addrs 2001:db8::1,2001:db8::2 ; = ; OK
    header=43:0400000000000020010db800000000000000000000000120010db8000000000000000000000002 udp ; yes
    header=43:0400000000000020010db800000000000000000000000120010db8000000000000000000000002 udp path=forward ; yes
    header=43:0400000000000020010db800000000000000000000000220010db8000000000000000000000001 udp ; no
    header=43:0400000000000020010db800000000000000000000000120010db8000000000000000000000003 udp ; no
    header=43:0200000000000020010db8000000000000000000000001 udp ; no
    header=43:0600000000000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no                       # exactly these
    header=43:0500000000000020010db800000000000000000000000120010db80000000000000000000000020000000000000000 udp ; yes      # half an address more is none
    header=43:0404000000000020010db800000000000000000000000120010db8000000000000000000000002 udp ; no
    header=43:0400000000000020010db800000000000000000000000120010db8000000000000000000000002 len=79 ; hotdrop
    header=43:0400000000000020010db800000000000000000000000120010db8000000000000000000000002 len=80 ; yes
6 -m rt --rt-type 0 --rt-0-addrs 2001:db8::1,2001:db8::2 --rt-0-not-strict ; = ; OK
    header=43:0400000000000020010db800000000000000000000000120010db8000000000000000000000002 udp ; yes
    header=43:0400000000000020010db800000000000000000000000220010db8000000000000000000000001 udp ; no
    header=43:0600000000000020010db800000000000000000000000120010db800000000000000000000000320010db8000000000000000000000002 udp ; yes
    header=43:0600000000000020010db800000000000000000000000320010db800000000000000000000000120010db8000000000000000000000002 udp ; yes
    header=43:0600000000000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; yes
    header=43:0600000000000020010db800000000000000000000000220010db800000000000000000000000320010db8000000000000000000000001 udp ; no
    header=43:0600000000000020010db800000000000000000000000120010db800000000000000000000000120010db8000000000000000000000002 udp ; yes
    header=43:0200000000000020010db8000000000000000000000001 udp ; no
6 -m rt --rt-type 0 --rt-0-addrs 2001:db8::1 ; = ; OK
6 patch 276 00                        ; -m rt --rt-type 0 --rt-0-addrs ; OK      # none wanted
    header=43:00000000000000 udp      ; yes
    header=43:0200000000000020010db8000000000000000000000001 udp ; no
    header=43:0100000000000020010db8000000000000000000000001 udp len=48 ; hotdrop
6 -m rt --rt-type 0 --rt-0-addrs 2001:db8::1 --rt-0-not-strict ; = ; OK
6 patch 276 00                        ; -m rt --rt-type 0 --rt-0-addrs --rt-0-not-strict ; OK
    header=43:00000000000000 udp      ; yes
    header=43:0200000000000020010db8000000000000000000000002 udp ; yes
    header=43:0200000000000020010db8000000000000000000000001 udp ; no          # the unused entry equals it
    header=43:0400000000000020010db800000000000000000000000120010db8000000000000000000000002 udp ; no
    header=43:0400000000000020010db800000000000000000000000220010db8000000000000000000000001 udp ; yes
6 patch 16 01                         ; -m rt --rt-type 0 2001:db8::1 ; OK
    header=43:0200000000000020010db8000000000000000000000002 udp ; yes
6 patch 16 21                         ; -m rt --rt-type 0 2001:db8::1 --rt-0-not-strict ; OK   # by itself it asks for nothing
    header=43:0200000000000020010db8000000000000000000000002 udp ; yes
    header=43:00000000000000 udp      ; yes
6 patch 16 10 00                      ;   ; FAIL without type 0
6 patch 16 31 01                      ;   ; FAIL without type 0
6 patch 0 01                          ;   ; FAIL without type 0
6 patch 17 08                         ;   ; FAIL invflags 0x8
6 patch 276 11                        ;   ; FAIL 17 addresses
6 -m rt ! --rt-type 1 ! --rt-segsleft 12:23 ! --rt-len 42 ; = ; OK
    header=43:00000000000000 udp      ; yes
    header=43:00010000000000 udp      ; no
    header=43:00000c00000000 udp      ; no
6 -m rt --rt-type 0 --rt-0-not-strict ;   ; FAIL required before
6 -m rt --rt-type 2 --rt-0-res        ;   ; FAIL required before
6 bytes 00                            ;   ; FAIL 1 bytes of data, expected 280
