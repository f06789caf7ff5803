: filter OUTPUT,INPUT,FORWARD
-p dccp -m dccp                                         ; = ; OK
    dccp                                                ; yes
    dccp doff=0                                         ; yes           # nobody asks for options
    dccp len=31                                         ; hotdrop       # no whole header
    dccp len=20                                         ; hotdrop
    dccp len=31 path=input                              ; hotdrop
    dccp len=31 path=forward                            ; hotdrop
    sctp                                                ; no
    dccp frag=2                                         ; no            # a later fragment has no header
    dccp frag=2 len=22                                  ; no
    dccp mf                                             ; yes
-p dccp -m dccp --sport 1000:2000 --dport 80            ; = ; OK
    dccp sport=999 dport=80                             ; no
    dccp sport=1000 dport=80                            ; yes
    dccp sport=2000 dport=80                            ; yes
    dccp sport=2001 dport=80                            ; no
    dccp sport=1000 dport=81                            ; no
    dccp sport=1000 dport=80 path=forward               ; yes
    dccp sport=1000 dport=80 path=input                 ; yes
-p dccp -m dccp ! --sport 1:2 ! --dport 5               ; = ; OK
    dccp sport=3 dport=4                                ; yes
    dccp sport=2 dport=4                                ; no
    dccp sport=3 dport=5                                ; no
    dccp sport=3 dport=4 frag=2                         ; no
-p dccp --sport 0:65535 --dport 1                       ; -p dccp -m dccp --sport 0:65535 --dport 1 ; OK
-p dccp -m dccp --dccp-types REQUEST,DATA,SYNCACK       ; = ; OK
    dccp type=0                                         ; yes
    dccp type=1                                         ; no
    dccp type=2                                         ; yes
    dccp type=9                                         ; yes
    dccp type=10                                        ; no
    dccp type=2 code=1                                  ; yes           # the X bit is not part of the type
    dccp type=1 code=1                                  ; no
    dccp type=2 frag=2                                  ; no
-p dccp -m dccp ! --dccp-types INVALID                  ; = ; OK
    dccp type=10                                        ; no
    dccp type=11                                        ; no            # all that are no types
    dccp type=15                                        ; no
    dccp type=9                                         ; yes
    dccp type=0                                         ; yes
    dccp type=0 frag=2                                  ; no
-p dccp -m dccp --dccp-types REQUEST,RESPONSE,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC,SYNCACK,INVALID ; = ; OK
    dccp type=10                                        ; yes
    dccp type=11                                        ; yes
patch 12 00 04                                          ; -p dccp -m dccp --dccp-types INVALID ; OK
    dccp type=10                                        ; yes
    dccp type=11                                        ; no
patch 12 00 f8                                          ; -p dccp -m dccp --dccp-types ; OK     # types that iptables does not print
    dccp type=15                                        ; yes
    dccp type=10                                        ; no
patch 12 00 00                                          ; -p dccp -m dccp --dccp-types ; OK
    dccp type=0                                         ; no
-p dccp -m dccp --dccp-option 44                        ; = ; OK
    dccp type=2 doff=3                                  ; no            # no options
    dccp type=2 doff=4 opts=2c020000                    ; yes
    dccp type=2 doff=4 opts=0000012c                    ; yes           # the kind is enough
    dccp type=2 doff=4 opts=01200300                    ; no
    dccp type=2 doff=4 opts=01200200                    ; no
    dccp type=2 doff=5 opts=0120042c00000000            ; no            # within another option
    dccp type=2 doff=5 opts=0120042c00002c02            ; yes           # and behind it
    dccp type=2 doff=4 opts=000000002c020000            ; no            # behind the data offset
    dccp type=2 doff=6 opts=20042c002c020000            ; hotdrop       # options that are not there
    dccp type=2 doff=5 opts=20042c002c020000            ; yes
    dccp type=2 doff=4 opts=2000002c                    ; yes           # a length of 0 counts as one byte
    dccp type=2 doff=4 opts=20ff2c2c                    ; no            # a length beyond the end
    dccp type=2 doff=4 opts=01010120                    ; no            # the last byte has no length
    dccp type=2 doff=2                                  ; hotdrop       # data offset within the header
    dccp type=2 doff=0                                  ; hotdrop
    dccp type=2 doff=4                                  ; hotdrop
    dccp type=2 doff=255 opts=2c020000                  ; hotdrop
    dccp type=2 doff=255 opts=2c020000 len=1040         ; yes
    dccp type=2 doff=255 opts=2c020000 len=1039         ; hotdrop
    dccp type=2 doff=2 frag=2                           ; no
    dccp type=2 doff=2 path=forward                     ; hotdrop
    dccp type=2 doff=4 opts=2c020000 path=forward       ; yes
    dccp type=2 doff=4 opts=2c020000 path=input         ; yes
    dccp type=2 code=1 doff=3                           ; hotdrop       # the X bit adds 4 bytes
    dccp type=2 code=1 doff=4 hex=00000000              ; no
    dccp type=2 code=1 doff=5 hex=2c0000002c020000      ; yes
    dccp type=2 code=1 doff=5 hex=2c00000000000000      ; no            # within the sequence number
    dccp type=0 doff=3                                  ; hotdrop       # REQUEST has 4 bytes more
    dccp type=0 doff=4 hex=2c000000                     ; no
    dccp type=0 doff=5 hex=000000002c020000             ; yes
    dccp type=3 doff=4 len=40                           ; hotdrop       # ACK has 8 more
    dccp type=3 doff=5 len=40                           ; no
    dccp type=3 doff=6 hex=00000000000000002c020000     ; yes
    dccp type=4 doff=5 len=40                           ; no
    dccp type=5 doff=5 len=40                           ; no
    dccp type=6 doff=5 len=40                           ; no
    dccp type=8 doff=5 len=40                           ; no
    dccp type=9 doff=5 len=40                           ; no
    dccp type=9 doff=4 len=40                           ; hotdrop
    dccp type=1 doff=5 len=44                           ; hotdrop       # RESPONSE has 12 more
    dccp type=1 doff=6 len=44                           ; no
    dccp type=7 doff=5 len=44                           ; hotdrop       # and so have RESET
    dccp type=7 doff=6 len=44                           ; no
    dccp type=10 doff=5 len=44                          ; hotdrop       # and what is no type
    dccp type=10 doff=6 len=44                          ; no
    dccp type=15 doff=7 hex=0000000000000000000000002c020000 ; yes
-p dccp -m dccp ! --dccp-option 255                     ; = ; OK
    dccp type=2 doff=3                                  ; yes
    dccp type=2 doff=4 opts=01010101                    ; yes
    dccp type=2 doff=4 opts=ff020000                    ; no
    dccp type=2 doff=2                                  ; counted-hotdrop   # inverted, the dropping search makes it true
    dccp type=2 doff=9                                  ; counted-hotdrop
    dccp type=0 doff=3 path=forward                     ; counted-hotdrop
    dccp type=0 doff=3 path=input                       ; counted-hotdrop
    dccp len=31                                         ; hotdrop
    dccp type=2 doff=2 frag=2                           ; no
-p dccp -m dccp --dport 7 ! --dccp-types DATA ! --dccp-option 9 ; = ; OK
    dccp dport=8 type=0 doff=0                          ; no
    dccp dport=7 type=2 doff=0                          ; no
    dccp dport=7 type=0 doff=0                          ; counted-hotdrop
    dccp dport=7 type=0 doff=4 hex=00000000             ; yes
patch 14 00                                             ; -p dccp -m dccp --dport 7 ! --dccp-types DATA ! --dccp-option 0 ; OK
    dccp dport=7 type=0 doff=5 hex=0000000000010101     ; no
    dccp dport=7 type=0 doff=5 hex=0000000001010101     ; yes
patch 8 00 00 00 00                                     ; -p dccp -m dccp ; OK
patch 8 10                                              ;   ; FAIL flags 0x10
patch 9 01                                              ;   ; FAIL flags 0x10e
patch 10 01                                             ;   ; FAIL invflags 0x1
patch 11 02                                             ;   ; FAIL invflags 0x20c
6 -p dccp -m dccp --dport 80 --dccp-types ACK --dccp-option 38 ; = ; OK
    dccp dport=80 type=3 doff=6 hex=000000000000000026020000 ; yes
    dccp dport=80 type=3 doff=6 hex=000000000000000027020000 ; no
    dccp dport=80 type=3 doff=6 hex=0000000000000000    ; hotdrop
    dccp dport=80 type=2 doff=0                         ; no
    dccp dport=81 type=3 doff=0                         ; no
    hop=8 dccp dport=80 type=3 doff=6 hex=000000000000000026020000 ; yes
    frag=8 dccp dport=80 type=3 doff=6 hex=000000000000000026020000 ; no
    dccp len=51                                         ; hotdrop
6 -p dccp -m dccp ! --dccp-option 38                    ; = ; OK
    dccp type=2 doff=0                                  ; counted-hotdrop
    dst-opts=8 dccp type=2 doff=0 path=forward          ; counted-hotdrop
    dccp type=2 doff=3                                  ; yes
-p dccp --dccp-option 0                                 ;   ; FAIL out of range
-p dccp --dccp-types NONSENSE                           ;   ; FAIL Unknown DCCP type
-m dccp                                                 ;   ; FAIL Invalid argument
! -p dccp -m dccp                                       ;   ; FAIL Invalid argument
-p tcp -m dccp                                          ;   ; FAIL Invalid argument
bytes 00 00                                             ;   ; FAIL 2 bytes of data, expected 16
