: filter OUTPUT,INPUT,FORWARD
-p tcp -m tcpmss --mss 1400:1460                        ; = ; OK
    tcp opts=02040577                                   ; no            # 1399
    tcp opts=02040578                                   ; yes
    tcp opts=020405b4                                   ; yes
    tcp opts=020405b5                                   ; no
    tcp opts=020405b4 flags=RST                         ; yes           # SYN is not asked for
    tcp                                                 ; no            # no options
    tcp opts=01010101                                   ; no
    tcp opts=01010101020405b4                           ; yes
    tcp opts=00000000020405b4                           ; yes           # the end of the list does not end the search
    tcp opts=02040001020405b4                           ; no            # the first one counts
    tcp opts=02030101020405b4                           ; yes           # one of another length is none
    tcp opts=0206020405b40000                           ; no            # and is skipped by its length
    tcp opts=0102040501010101                           ; no            # 0x0501 = 1281
    tcp opts=01020405                                   ; no            # does not fit
    tcp opts=010405b4                                   ; no
    tcp opts=0300020405b40000                           ; yes           # a length of 0 counts as one byte
    tcp opts=03ff020405b40000                           ; no            # a length beyond the end
    tcp opts=01010103                                   ; no            # the last byte has no length
    tcp opts=01010102                                   ; no
    tcp opts=020405b4 len=43                            ; hotdrop       # options that are not there
    tcp opts=020405b4 len=44                            ; yes
    tcp doff=4                                          ; hotdrop
    tcp doff=0                                          ; hotdrop
    tcp doff=6                                          ; hotdrop
    tcp len=39                                          ; hotdrop       # no whole header
    tcp len=20                                          ; hotdrop
    tcp len=39 path=input                               ; hotdrop
    tcp doff=4 path=forward                             ; hotdrop
    tcp opts=020405b4 path=forward                      ; yes
    tcp opts=020405b4 path=input                        ; yes
    tcp mf opts=020405b4                                ; yes
    tcp frag=2 opts=020405b4                            ; yes           # a later fragment's payload is read as a header
    tcp frag=1 opts=020405b4                            ; yes
    tcp frag=2                                          ; no
    tcp frag=2 len=30                                   ; hotdrop
    tcp frag=2 doff=3                                   ; hotdrop
    udp                                                 ; no
-p tcp -m tcpmss ! --mss 1460                           ; = ; OK
    tcp opts=020405b4                                   ; no
    tcp opts=020405b3                                   ; yes
    tcp                                                 ; yes           # none: the inversion
    tcp opts=01010101                                   ; yes
    tcp doff=4                                          ; hotdrop
    tcp frag=2                                          ; yes
    tcp frag=2 len=28                                   ; hotdrop
-p tcp -m tcpmss --mss 0                                ; = ; OK
    tcp opts=02040000                                   ; yes
    tcp opts=02040001                                   ; no
-p tcp -m tcpmss --mss 65535                            ; = ; OK
    tcp opts=0204ffff                                   ; yes
    tcp opts=0204fffe                                   ; no
-p tcp -m tcpmss ! --mss 1460:                          ; -p tcp -m tcpmss ! --mss 1460:65535 ; OK
    tcp opts=020405b3                                   ; yes
    tcp opts=020405b4                                   ; no
patch 4 02                                              ; -p tcp -m tcpmss ! --mss 1460:65535 ; OK     # an inversion that no answer undoes
    tcp opts=020405b3                                   ; yes
    tcp opts=020405b4                                   ; yes
    tcp                                                 ; yes
patch 0 09 00 05 00 00                                  ; -p tcp -m tcpmss --mss 9:5 ; OK
    tcp opts=02040007                                   ; no
-p tcp -m tcp --tcp-flags SYN,RST SYN -m tcpmss --mss 1400:65495 ; = ; OK
    tcp flags=SYN opts=020405b4                         ; yes
    tcp flags=ACK opts=020405b4                         ; no
    tcp flags=ACK doff=0                                ; no
6 -p tcp -m tcpmss --mss 1220                           ; = ; OK
    tcp opts=020404c4                                   ; yes
    tcp opts=020404c5                                   ; no
    tcp doff=4                                          ; hotdrop
    tcp len=59                                          ; hotdrop
    hop=8 tcp opts=020404c4                             ; yes
    mf tcp opts=020404c4                                ; yes
    frag=8 tcp opts=020404c4                            ; hotdrop       # the IPv6 header is read: its data offset is 0
    frag=8 tcp src=2001:db8:4000::1                     ; hotdrop       # or what the source says
    frag=8 tcp src=2001:db8:5000::1                     ; no
    frag=8 tcp src=2001:db8:6000::1                     ; no
    frag=8 tcp src=2001:db8:6000::204:4c4               ; yes
    frag=8 tcp src=2001:db8:f000::1 len=60              ; no
    frag=8 tcp src=2001:db8:f000::1 len=59              ; hotdrop
    tcp opts=020404c4 path=forward                      ; yes
    tcp opts=020404c4 path=input                        ; yes
6 -p tcp -m tcpmss ! --mss 1:1000                       ; = ; OK
    tcp                                                 ; yes
    tcp opts=02040001                                   ; no
    tcp opts=020403e9                                   ; yes
-m tcpmss --mss 1                                       ;   ; FAIL Invalid argument
-p udp -m tcpmss --mss 1                                ;   ; FAIL Invalid argument
! -p tcp -m tcpmss --mss 1                              ;   ; FAIL Invalid argument
-p tcp -m tcpmss --mss 65536                            ;   ; FAIL out of range
-p tcp -m tcpmss --mss 9:5                              ;   ; FAIL invalid range
bytes 00 00 00 00                                       ;   ; FAIL 4 bytes of data, expected 6
