: filter OUTPUT,INPUT,FORWARD
-m quota --quota 100                          ; = ; OK
    udp len=40                                ; yes         # 60 are left
    udp len=40                                ; yes         # 20
    udp len=21                                ; no          # too large: nothing is left
    udp len=20                                ; no
    udp len=100 path=input                    ; yes         # each chain's rule has a quota of its own
    udp len=20 path=input                     ; no
    udp len=101 path=forward                  ; no
    udp len=20 path=forward                   ; no
-m quota ! --quota 60                         ; = ; OK
    udp len=60                                ; no
    udp len=20                                ; yes
    udp len=20                                ; yes
-m quota --quota 60                           ; = ; OK      # loaded anew, it begins anew
    udp len=60                                ; yes
    udp frag=3 len=28                         ; no
-p udp -m quota --quota 60 -m udp --dport 53  ; = ; OK
    udp dport=54 len=40                       ; no          # pays all the same
    udp dport=53 len=40                       ; no
-p udp -m udp --dport 53 -m quota --quota 60  ; = ; OK
    udp dport=54 len=40                       ; no          # does not
    tcp dport=53 len=40                       ; no
    udp dport=53 len=40                       ; yes
    udp dport=53 len=28                       ; no
-m quota --quota 0                            ; = ; OK
    udp                                       ; no
-m quota --quota 18446744073709551615         ; = ; OK
    udp                                       ; yes
    udp                                       ; yes
6 -m quota --quota 100                        ; = ; OK
    udp len=60                                ; yes         # the fixed header counts
    udp len=48                                ; no
    udp len=100 path=forward                  ; yes
patch 0 02                                    ;  ; FAIL flags 0x2
patch 8 3c 00 00 00 00 00 00 00               ; -m quota --quota 60 ; OK
    udp len=60                                ; yes
    udp len=48                                ; no
-m quota                                      ;  ; FAIL must be specified
-m quota --quota x                            ;  ; FAIL bad value
bytes 00                                      ;  ; FAIL 1 bytes of data, expected 24
