: filter OUTPUT,INPUT,FORWARD
6 -m hbh                              ; = ; OK
    udp                               ; no
    hop=8 udp                       ; yes
    hop=8 udp path=input            ; yes
    hop=8 udp path=forward          ; yes
    dst-opts=8 udp                       ; no
    ah=12 routing=8 hop=8 udp       ; yes
    hop=8                           ; yes
    mf after=hop=8 udp              ; yes
    frag=8 after=hop=8 udp          ; no          # not in a later fragment
    hop=8 frag=8 udp                ; yes
    hop=8 len=41                    ; hotdrop
    hop=8 len=42                    ; hotdrop     # the packet does not hold it whole
    hop=16 udp len=55               ; hotdrop
    hop=16 udp len=56               ; yes
    dst-opts=16 hop=8 len=50           ; hotdrop
    proto=59                          ; no
6 -m hbh --hbh-len 8                   ; = ; OK
    hop=8 udp                       ; yes
    hop=16 udp                      ; no
    hop=16 hop=8 udp              ; no          # the first one
    udp                               ; no
6 -m hbh ! --hbh-len 8                 ; = ; OK
    hop=8 udp                       ; no
    hop=16 udp                      ; yes
    hop=16 udp len=50               ; hotdrop
    udp                               ; no
6 -m hbh --hbh-len 2048                ; = ; OK
    hop=2048 udp                    ; yes
    hop=2040 udp                    ; no
6 -m hbh --hbh-len 42                  ; = ; OK          # no such length
    hop=40 udp                      ; no
    hop=40 len=41                   ; hotdrop
6 -m hbh ! --hbh-len 42                ; = ; OK
    hop=40 udp                      ; yes
6 -m hbh --hbh-len 0                   ; = ; OK
    hop=8 udp                       ; no
6 -m hbh --hbh-opts 1:4                ; = ; OK
    header=0:00010400000000 udp       ; yes
    header=0:00010400000000 udp path=forward ; yes
    header=0:00010300000000 udp       ; no
    header=0:00000104000000 udp       ; no          # in order, from the first
    header=0:000104000000 len=47      ; hotdrop
6 -m hbh --hbh-opts 1                  ; = ; OK
    header=0:00010400000000 udp       ; yes
    header=0:00010300000000 udp       ; yes
    header=0:00020300000000 udp       ; no
    header=0:0001ff00000000 udp       ; yes         # the last of the list may go on anywhere
6 -m hbh --hbh-opts 0,0,1:2            ; = ; OK
    header=0:00000001020000 udp       ; yes
    header=0:00000101020000 udp       ; no
    header=0:01000001020000000000000000000000 udp ; yes
    header=0:00000001030000 udp       ; no
6 -m hbh --hbh-opts 30:1,30:0          ; = ; OK
    header=0:001e01001e0000 udp       ; yes
    header=0:011e01001e00000000000000000000 udp ; yes
    header=0:001e01001e01   len=47    ; hotdrop
    header=0:001e01001e0100 udp       ; no
6 -m hbh --hbh-opts 5:2,1:0            ; = ; OK
    header=0:00050200000100 udp       ; yes
    header=0:00050200000100 udp path=forward ; yes
    header=0:00050200000000 udp       ; no
6 -m hbh --hbh-opts 30:2,30            ; = ; OK
    header=0:001e0200001eff udp       ; yes
    header=0:001e0200001eff len=47    ; hotdrop
    header=0:001e0200001e00 udp       ; yes
6 -m hbh --hbh-opts 30:3,30            ; = ; OK
    header=0:001e030000001e udp       ; no          # a type without its length
6 -m hbh --hbh-opts 30:3,0             ; = ; OK
    header=0:001e0300000000 udp       ; yes         # the padding byte has none
6 -m hbh --hbh-opts 30:4,0             ; = ; OK
    header=0:001e0400000000 udp       ; no
6 -m hbh --hbh-opts 30:5,0             ; = ; OK
    header=0:001e0500000000 udp       ; no          # goes on behind the header, and is not the last
6 -m hbh --hbh-len 8 --hbh-opts 1:4     ; = ; OK
    header=0:00010400000000 udp       ; yes
    header=0:010104000000000108000000000000 udp ; no
6 -m hbh ! --hbh-len 8 --hbh-opts 1:4   ; = ; OK
    header=0:00010400000000 udp       ; no
    header=0:01010400000000010600000000000000 udp ; yes
    header=0:01010300000000010600000000000000 udp ; no
6 -m hbh --hbh-len 0 --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 ; = ; OK
6 -m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 ; = ; OK
    header=0:040100020003000400050006000700080009000a000b000c000d000e000f00100000000000000000 udp ; yes
    header=0:040100020003000400050006000700080009000a000b000c000d000e000f00110000000000000000 udp ; no
    header=0:030100020003000400050006000700080009000a000b000c000d000e000f00 udp ; no
6 -m hbh --hbh-opts 0,1:0,255:255      ; -m hbh --hbh-opts 0,1:0,255 ; OK    # 255 means any
6 -m hbh --hbh-opts 300                ; -m hbh --hbh-opts 44 ; OK           # cut to 8 bits
6 -m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 ;  ; FAIL too many
6 -m hbh ! --hbh-opts 1                ;   ; FAIL inverted
6 -m hbh --hbh-opts 1:4                ; = ; OK
6 patch 38 00                         ; -m hbh --hbh-opts ; OK             # an empty list: any header
    hop=8 udp                       ; yes
6 patch 4 f8                          ; -m hbh 1:4 ; OK                  # a list that is not asked for
    hop=8 udp                       ; yes
    header=0:00010300000000 udp       ; yes
6 patch 4 04                          ;   ; FAIL flags 0x4
6 patch 5 02                          ;   ; FAIL invflags 0x2
6 patch 5 01                          ; -m hbh --hbh-opts 1:4 ; OK         # inverts a length that is not asked for
    header=0:00010400000000 udp       ; yes
6 patch 38 11                         ;   ; FAIL 17 options
6 bytes 00 00                         ;   ; FAIL 2 bytes of data, expected 40
