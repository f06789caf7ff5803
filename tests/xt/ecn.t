: filter OUTPUT,INPUT,FORWARD
-m ecn --ecn-ip-ect 2                          ; = ; OK
    tos=2                                      ; yes
    tos=0xfe                                   ; yes         # the DSCP does not count
    tos=0                                      ; no
    tos=1                                      ; no
    tos=3                                      ; no
    tos=2 frag=9                               ; yes
    tos=2 tcp path=forward                     ; yes
    tos=2 udp path=input                       ; yes
-m ecn ! --ecn-ip-ect 0                        ; = ; OK
    tos=0xfc                                   ; no
    tos=1                                      ; yes
patch 2 04                                     ; -m ecn ! --ecn-ip-ect 4 ; OK     # equals no packet's
    tos=0                                      ; yes
patch 1 00                                     ; -m ecn --ecn-ip-ect 0 ; OK
patch 1 00 07                                  ; -m ecn --ecn-ip-ect 7 ; OK
    tos=3                                      ; no
patch 0 00 00                                  ; -m ecn ; OK                      # nothing is asked for
    tos=0                                      ; yes
    len=20                                     ; yes
patch 0 00 31                                  ; -m ecn ; OK                      # nor by inversion alone
    tos=0                                      ; yes
patch 0 02                                     ;   ; FAIL operation 0x2
patch 0 81                                     ;   ; FAIL operation 0x81
patch 1 40                                     ;   ; FAIL invert 0x40
patch 0 10                                     ;   ; FAIL protocol 0
-p tcp -m ecn --ecn-tcp-ece                    ; = ; OK
    tcp flags=ECE                              ; yes
    tcp flags=ECE,SYN,CWR                      ; yes
    tcp flags=CWR,ACK                          ; no
    tcp flags=SYN                              ; no
    tcp flags=ECE len=40                       ; yes
    tcp flags=ECE len=39                       ; no          # no whole header: no, but no drop
    tcp flags=ECE len=20                       ; no
    tcp flags=ECE path=forward                 ; yes
    tcp flags=ECE len=39 path=input            ; no
    tcp flags=ECE doff=0                       ; yes
    tcp flags=ECE frag=5                       ; yes         # a later fragment's payload is read as a header
    tcp flags=CWR frag=5                       ; no
    tcp flags=ECE frag=1                       ; yes
    tcp flags=ECE frag=5 len=39                ; no
    tcp flags=ECE mf                           ; yes
    udp                                        ; no
-p tcp -m ecn ! --ecn-tcp-ece --ecn-tcp-cwr    ; = ; OK
    tcp flags=CWR                              ; yes
    tcp flags=CWR,ECE                          ; no
    tcp flags=ECE                              ; no
    tcp flags=                                 ; no
    tcp flags=CWR frag=3                       ; yes
    tcp flags=CWR frag=3 len=30                ; no
-p tcp -m ecn ! --ecn-tcp-ece ! --ecn-tcp-cwr ! --ecn-ip-ect 3 ; = ; OK
    tcp flags=ACK tos=0                        ; yes
    tcp flags=ACK tos=3                        ; no
    tcp flags=ECE tos=0                        ; no
    tcp flags=CWR tos=0                        ; no
    tcp tos=0 len=38                           ; no          # inverted as well
-p tcp -m ecn --ecn-tcp-cwr --ecn-tcp-ece --ecn-ip-ect 1 ; -p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr --ecn-ip-ect 1 ; OK
    tcp flags=ECE,CWR tos=1                    ; yes
    tcp flags=ECE,CWR tos=2                    ; no
    tcp flags=ECE tos=1                        ; no
6 -m ecn --ecn-ip-ect 1                        ; = ; OK
    tos=1                                      ; yes
    tos=0x11                                   ; yes
    tos=0x10                                   ; no
    tos=1 len=40                               ; yes
6 -p tcp -m ecn --ecn-tcp-ece                  ; = ; OK
    tcp flags=ECE                              ; yes
    tcp flags=CWR                              ; no
    hop=8 tcp flags=ECE                        ; yes
    dst-opts=16 tcp flags=ECE                  ; yes
    tcp flags=ECE len=59                       ; no
    mf tcp flags=ECE                           ; yes
    frag=8 tcp flags=ECE                       ; no          # the IPv6 header is read: byte 13, of the source
    frag=8 tcp src=2001:db8:40::1              ; yes
    frag=8 tcp src=2001:db8:ff::1              ; yes
    frag=8 tcp src=2001:db8:bf::1              ; no
    frag=8 tcp src=2001:db8:40::1 path=input   ; yes
    frag=8 after=hop=8 tcp                     ; hotdrop     # of the header condition
6 -p tcp -m ecn ! --ecn-tcp-cwr --ecn-ip-ect 0 ; = ; OK
    tcp flags=ECE tos=0                        ; yes
    tcp flags=CWR tos=0                        ; no
    tcp flags=ECE tos=2                        ; no
    frag=1 tcp flags=CWR                       ; yes
    frag=1 tcp flags=ECE src=2001:db8:80::1    ; no
-m ecn --ecn-ip-ect 4                          ;   ; FAIL out of range
-m ecn --ecn-tcp-ece                           ;   ; FAIL Invalid argument
-p udp -m ecn --ecn-tcp-cwr                    ;   ; FAIL Invalid argument
! -p tcp -m ecn --ecn-tcp-cwr                  ;   ; FAIL Invalid argument
-m ecn                                         ;   ; FAIL some option required
bytes 00 00 00                                 ;   ; FAIL 3 bytes of data, expected 4
