: filter OUTPUT,INPUT,FORWARD
-p sctp -m sctp                                         ; = ; OK
    sctp                                                ; yes
    sctp len=32                                         ; yes           # no chunk is asked for
    sctp len=31                                         ; hotdrop       # no whole header
    sctp len=20                                         ; hotdrop
    sctp len=31 path=input                              ; hotdrop
    sctp len=31 path=forward                            ; hotdrop
    dccp                                                ; no
    sctp frag=2                                         ; no            # a later fragment has no header
    sctp frag=2 len=22                                  ; no
    sctp mf                                             ; yes
    sctp mf len=28                                      ; hotdrop
-p sctp -m sctp --sport 1000:2000 --dport 80            ; = ; OK
    sctp sport=999 dport=80                             ; no
    sctp sport=1000 dport=80                            ; yes
    sctp sport=2000 dport=80                            ; yes
    sctp sport=2001 dport=80                            ; no
    sctp sport=2000 dport=81                            ; no
    sctp sport=80 dport=1000                            ; no
    sctp sport=1500 dport=80 path=forward               ; yes
    sctp sport=1500 dport=80 path=input                 ; yes
-p sctp -m sctp ! --sport 1:2 ! --dport 3:4             ; = ; OK
    sctp sport=3 dport=2                                ; yes
    sctp sport=2 dport=2                                ; no
    sctp sport=3 dport=4                                ; no
    sctp sport=3 dport=2 frag=5                         ; no            # inversion does not make a fragment match
    sctp len=24                                         ; hotdrop
-p sctp --sport 0:65535 --dport :5                      ; -p sctp -m sctp --sport 0:65535 --dport 0:5 ; OK
    sctp dport=5                                        ; yes
    sctp dport=6                                        ; no
-p sctp ! --sport 0:65535                               ; -p sctp -m sctp ! --sport 0:65535 ; OK
    sctp                                                ; no
-p sctp -m sctp --chunk-types any DATA,INIT             ; = ; OK
    sctp chunks=00000004                                ; yes
    sctp chunks=01000004                                ; yes
    sctp chunks=03000004                                ; no
    sctp chunks=0300000400000004                        ; yes
    sctp chunks=03000006aaaa000000000004                ; yes           # padded to whole words
    sctp chunks=03000006aaaa                            ; no            # the last padding may be missing
    sctp chunks=030000050000000000000004                ; yes
    sctp chunks=0300000100000004                        ; yes           # a length below 4 counts to the next word
    sctp chunks=0300006400000004                        ; no            # longer than the packet: the walk ends
    sctp chunks=03000000                                ; hotdrop       # length 0
    sctp chunks=00000000                                ; hotdrop       # before its type is looked at
    sctp chunks=0000000403000000                        ; yes           # what follows the first hit does not matter
    sctp chunks=03000004030000                          ; hotdrop       # the next chunk's header is cut off
    sctp chunks=030000                                  ; hotdrop
    sctp len=32                                         ; hotdrop       # no chunk at all
    sctp chunks=00000000 path=forward                   ; hotdrop
    sctp chunks=00000004 path=forward                   ; yes
    sctp chunks=00000004 path=input                     ; yes
    sctp chunks=00000004 frag=2                         ; no
    sctp chunks=00000000 frag=2                         ; no
    sctp chunks=00000004 mf                             ; yes
-p sctp -m sctp ! --chunk-types any DATA,INIT           ; = ; OK
    sctp chunks=00000004                                ; no
    sctp chunks=0300000401000004                        ; no
    sctp chunks=03000004                                ; yes
    sctp chunks=03000000                                ; counted-hotdrop   # inverted, the dropping walk makes it true
    sctp chunks=00000000                                ; counted-hotdrop
    sctp chunks=03000004030000                          ; counted-hotdrop
    sctp len=32                                         ; counted-hotdrop
    sctp len=31                                         ; hotdrop
    sctp chunks=03000000 path=forward                   ; counted-hotdrop
    sctp chunks=03000000 path=input                     ; counted-hotdrop
    sctp chunks=0000000403000000                        ; no
    sctp chunks=03000000 frag=2                         ; no
-p sctp -m sctp --dport 7 ! --chunk-types any INIT      ; = ; OK
    sctp dport=7 chunks=03000000                        ; counted-hotdrop
    sctp dport=8 chunks=03000000                        ; no            # the ports come first
-p sctp -m sctp ! --chunk-types any INIT -m length --length 100:200 ; = ; OK
    sctp chunks=03000000                                ; hotdrop       # another match fails: not counted, dropped all the same
    sctp chunks=03000000 len=100                        ; counted-hotdrop
    sctp chunks=03000004                                ; no
-p sctp -m length --length 100:200 -m sctp ! --chunk-types any INIT ; = ; OK
    sctp chunks=03000000                                ; no
    sctp chunks=03000000 len=100                        ; counted-hotdrop
-p sctp -m sctp --chunk-types all DATA,SACK             ; = ; OK
    sctp chunks=0000000403000004                        ; yes
    sctp chunks=030000040200000400000004                ; yes           # any order, others too
    sctp chunks=00000004                                ; no
    sctp chunks=0000000400000004                        ; no
    sctp chunks=000000040300000402000000                ; hotdrop
-p sctp -m sctp ! --chunk-types all DATA,SACK           ; = ; OK
    sctp chunks=0000000403000004                        ; no
    sctp chunks=00000004                                ; yes
    sctp chunks=00000000                                ; counted-hotdrop
-p sctp -m sctp --chunk-types only DATA,SACK            ; = ; OK
    sctp chunks=00000004                                ; yes
    sctp chunks=0300000400000004                        ; yes
    sctp chunks=0300000402000004                        ; no
    sctp chunks=0200000403000000                        ; no            # the walk ends at the first that is not listed
    sctp chunks=0300000402000000                        ; hotdrop
-p sctp -m sctp ! --chunk-types only INIT               ; = ; OK
    sctp chunks=01000004                                ; no
    sctp chunks=02000004                                ; yes
    sctp chunks=0100000402000004                        ; yes
    sctp chunks=01000000                                ; counted-hotdrop
-p sctp -m sctp --chunk-types any DATA:Be               ; = ; OK
    sctp chunks=00020004                                ; yes           # B set, E not
    sctp chunks=00030004                                ; no
    sctp chunks=00000004                                ; no
    sctp chunks=000e0004                                ; yes           # I and U do not count
    sctp chunks=0003000400020004                        ; yes
-p sctp -m sctp --chunk-types all DATA:Be,SACK          ; = ; OK
    sctp chunks=0002000403000004                        ; yes
    sctp chunks=0000000403000004                        ; no
-p sctp -m sctp --chunk-types only DATA:Be,SACK         ; = ; OK
    sctp chunks=0002000403ff0004                        ; yes
    sctp chunks=0002000400000004                        ; no
-p sctp -m sctp ! --chunk-types only DATA:i             ; = ; OK
    sctp chunks=00000004                                ; no
    sctp chunks=00080004                                ; yes
-p sctp --chunk-types any DATA:ubei,ABORT:T,SHUTDOWN_COMPLETE:t ; -p sctp -m sctp --chunk-types any DATA:iube,ABORT:T,SHUTDOWN_COMPLETE:t ; OK
    sctp chunks=06010004                                ; yes
    sctp chunks=06000004                                ; no
    sctp chunks=0e010004                                ; no
    sctp chunks=0e000004                                ; yes
    sctp chunks=00f00004                                ; yes
-p sctp --chunk-types any I_DATA:Be,DATA                ; -p sctp -m sctp --chunk-types any DATA,I_DATA ; OK    # asks for the flags of type 15
    sctp chunks=40000004                                ; yes
-p sctp --chunk-types any ASCONF,ASCONF_ACK,PAD,RE_CONFIG,FORWARD_TSN,I_FORWARD_TSN ; -p sctp -m sctp --chunk-types any ASCONF_ACK,RE_CONFIG,PAD,FORWARD_TSN,ASCONF,I_FORWARD_TSN ; OK
    sctp chunks=c1000004                                ; yes
    sctp chunks=80000004                                ; yes
    sctp chunks=84000004                                ; yes
    sctp chunks=82000004                                ; yes
    sctp chunks=c0000004                                ; yes
    sctp chunks=c2000004                                ; yes
    sctp chunks=c3000004                                ; no
-p sctp --chunk-types any ALL                           ; -p sctp -m sctp --chunk-types any ALL ; OK
    sctp chunks=ff000004                                ; yes
    sctp len=32                                         ; hotdrop
-p sctp --chunk-types all ALL                           ; -p sctp -m sctp --chunk-types all ALL ; OK     # no packet has all 2,048
    sctp chunks=ff000004                                ; no
-p sctp ! --chunk-types all ALL                         ; -p sctp -m sctp ! --chunk-types all ALL ; OK
    sctp chunks=ff000004                                ; yes
-p sctp --chunk-types only NONE                         ; -p sctp -m sctp --chunk-types only NONE ; OK
    sctp                                                ; no
-p sctp --chunk-types all NONE                          ; -p sctp -m sctp --chunk-types all NONE ; OK
    sctp                                                ; yes
    sctp len=32                                         ; hotdrop
patch 264 03                                            ; -p sctp -m sctp --chunk-types 0x3 NONE ; OK    # a mixture: never true
    sctp                                                ; no
    sctp len=32                                         ; hotdrop
patch 264 01 01                                         ; -p sctp -m sctp --chunk-types 0x101 NONE ; OK
    sctp                                                ; no
patch 264 08                                            ;   ; FAIL chunk_match_type 0x8
patch 280 05                                            ;   ; FAIL flags of 5 chunk types
patch 280 ff ff ff ff                                   ;   ; FAIL flags of -1 chunk types
patch 284 0c                                            ;   ; FAIL flags 0xc
patch 288 01                                            ;   ; FAIL invflags 0x1
patch 288 08                                            ;   ; FAIL invflags 0x8
patch 284 00                                            ; -p sctp -m sctp ; OK
    sctp len=32                                         ; yes
patch 8 08 00 00 00                                     ; -p sctp -m sctp --chunk-types all SACK ; OK
    sctp                                                ; yes
patch 260 01                                            ; -p sctp -m sctp --chunk-types all ; OK     # a bit that stands for no type
    sctp                                                ; no
patch 8 01 00 01 00                                     ; -p sctp -m sctp --chunk-types all DATA, ; OK   # a type without a name
    sctp chunks=1000000400000004                        ; yes
6 -p sctp -m sctp --dport 80 --chunk-types any INIT     ; = ; OK
    sctp dport=80 chunks=01000004                       ; yes
    sctp dport=81 chunks=01000004                       ; no
    sctp dport=80 chunks=02000004                       ; no
    sctp dport=80 chunks=01000000                       ; hotdrop
    sctp dport=80 chunks=0200000401                     ; hotdrop
    hop=8 sctp dport=80 chunks=01000004                 ; yes
    frag=8 sctp dport=80 chunks=01000004                ; no
    mf sctp dport=80 chunks=01000004                    ; yes
    sctp dport=80 len=51                                ; hotdrop
    sctp dport=80 chunks=01000004 path=forward          ; yes
    sctp dport=80 chunks=01000004 path=input            ; yes
6 -p sctp -m sctp ! --chunk-types any INIT              ; = ; OK
    sctp chunks=02000000                                ; counted-hotdrop
    dst-opts=8 sctp chunks=02000000 path=forward        ; counted-hotdrop
    sctp chunks=02000004                                ; yes
    sctp chunks=01000004                                ; no
-p sctp --chunk-types any 64                            ;   ; FAIL Unknown sctp chunk
-p sctp --chunk-types any DATA:X                        ;   ; FAIL Invalid flags
-p sctp --sport 65536                                   ;   ; FAIL invalid port/service
-m sctp --chunk-types any DATA                          ;   ; FAIL Invalid argument
! -p sctp -m sctp                                       ;   ; FAIL Invalid argument
-p dccp -m sctp                                         ;   ; FAIL Invalid argument
bytes 00 00                                             ;   ; FAIL 2 bytes of data, expected 292
