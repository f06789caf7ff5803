: filter OUTPUT,INPUT,FORWARD via dccp 17     # iptables has no option for it: loaded as dccp, then renamed
-p dccp -m dccp ! --sport 10:0 ! --dport 9:0  ; -p udp -m l2tp --tid 9 --sid 10 ; OK      # the bytes of ids and flags are the same
    udp hex=000200000000                      ; no
patch 0 09 00 00 00 0a 00 00 00 02 00 03      ; -p udp -m l2tp --tid 9 --sid 10 ; OK
    udp hex=00020009000a                      ; yes         # data, version 2
    udp hex=00020009000b                      ; no
    udp hex=00020008000a                      ; no
    udp hex=400200060009000a                  ; yes         # a length field shifts the ids
    udp hex=40020009000a                      ; no          # of which two bytes are missing
    udp hex=4002000900090                     ; no
    udp hex=40020006000a0009                  ; no
    udp hex=80020009000b                      ; yes         # control: the session is not compared
    udp hex=80020008000a                      ; no
    udp hex=c0020006000900ff                  ; yes
    udp hex=000300000000000a                  ; yes         # data, version 3: has no tunnel
    udp hex=000300000000000b                  ; no
    udp hex=800300000000000900                ; yes         # control, version 3
    udp hex=800300000000000a                  ; no
    udp hex=00030000000000                    ; no          # short
    udp hex=00010009000a                      ; no          # no version of L2TP
    udp hex=00000009000a                      ; no
    udp hex=000f0009000a                      ; no
    udp hex=0ff20009000a                      ; yes         # other flags are not looked at
    udp hex=00020009000a sport=1 dport=2      ; yes         # nor the ports
    udp hex=00                                ; no
    udp len=28                                ; no
    udp len=24                                ; no          # not even a UDP header
    udp hex=00020009000a frag=2               ; no
    udp hex=00020009000a mf                   ; yes
    udp hex=00020009000a path=forward         ; yes
    udp hex=00020009000a path=input           ; yes
    proto=115 hex=0000000a                    ; no          # the rule's header says UDP
patch 10 04                                   ;   ; FAIL neither an id nor the type control
patch 9 01 08                                 ;   ; FAIL neither an id
patch 9 00 08                                 ; -p udp -m l2tp --type control ; OK
    udp hex=80020009000a                      ; yes
    udp hex=8003000000000000                  ; yes
    udp hex=00020009000a                      ; no
    udp hex=8001000000000000                  ; no
patch 8 03 00 04                              ;   ; FAIL neither an id nor the type control
patch 8 03 00 05                              ; -p udp -m l2tp --tid 9 --version 3 ; OK
    udp hex=8003000000000009                  ; yes
    udp hex=80020009000a                      ; no
    udp hex=000300000000000b                  ; yes         # data has no tunnel to compare
patch 8 02 01 0e                              ; -p udp -m l2tp --sid 10 --version 2 --type data ; OK
    udp hex=00020001000a                      ; yes
    udp hex=80020001000a                      ; no
    udp hex=00020001000b                      ; no
    udp hex=000300000000000a                  ; no
patch 8 04 00 05                              ;   ; FAIL version 4
patch 8 01 00 05                              ;   ; FAIL version 1
patch 8 04 00 01                              ; -p udp -m l2tp --tid 9 ; OK
patch 8 03 01 0d                              ; -p udp -m l2tp --tid 9 --version 3 --type data ; OK
    udp hex=0003000000000007                  ; yes         # data of version 3 has no tunnel to compare
patch 8 03 00 0d                              ; -p udp -m l2tp --tid 9 --version 3 --type control ; OK
    udp hex=8003000000000009                  ; yes
    udp hex=0003000000000009                  ; no
patch 8 00 05 09                              ; -p udp -m l2tp --tid 9 --type 5 ; OK     # a kind that no packet has
    udp hex=80020009000a                      ; no
patch 2 01 00 0a 00 00 00 02 00 05            ;   ; FAIL ids up to 65535
patch 6 01 00 02 00 06                        ;   ; FAIL ids up to 65535
patch 2 01 00 0a 00 00 00 02 00 01            ; -p udp -m l2tp --tid 65545 ; OK          # without the version it loads
    udp hex=80020009000a                      ; no
    udp hex=8003000000010009                  ; yes
patch 10 10                                   ;   ; FAIL flags 0x10
6 -p dccp -m dccp ! --sport 10:0 ! --dport 9:0 ; -p udp -m l2tp --tid 9 --sid 10 ; OK
    udp hex=00020009000a                      ; yes
    udp hex=00020009000b                      ; no
    udp hex=800300000000000900                ; yes
    udp hex=8003000000000008                  ; no
    udp hex=000200090000 len=53               ; no
    udp len=40                                ; no
    hop=8 dst-opts=8 udp hex=00020009000a     ; yes
    mf udp hex=00020009000a                   ; yes
    frag=8 udp hex=00020009000a               ; no
    frag=8 after=hop=8 udp                    ; hotdrop     # of the header condition
    udp hex=00020009000a path=forward         ; yes
    udp hex=00020009000a path=input           ; yes
: via dccp 115
-p dccp -m dccp ! --sport 10:0 ! --dport 9:0  ; -p l2tp -m l2tp --tid 9 --sid 10 ; OK
    proto=115 hex=0000000a                    ; yes         # data: the first word is the session
    proto=115 hex=0000000b                    ; no
    proto=115 hex=000000000000000000000009    ; yes         # control
    proto=115 hex=000000000000000000000008    ; no
    proto=115 hex=0000000000000000000009      ; no          # short
    proto=115 hex=00000a                      ; no
    proto=115 len=20                          ; no
    proto=115 hex=0000000a frag=2             ; yes         # a later fragment is not told apart
    proto=115 hex=0000000b frag=2             ; no
    proto=115 hex=0000000a path=forward       ; yes
    udp hex=00020009000a                      ; no
patch 8 02                                    ;   ; FAIL protocol L2TP with version 2
patch 8 02 00 07                              ;   ; FAIL protocol L2TP with version 2
patch 8 03 01 0e                              ; -p l2tp -m l2tp --sid 10 --version 3 --type data ; OK
    proto=115 hex=0000000a                    ; yes
    proto=115 hex=000000000000000000000009    ; no
6 -p dccp -m dccp ! --sport 10:0 ! --dport 9:0 ; -p l2tp -m l2tp --tid 9 --sid 10 ; OK
    proto=115 hex=0000000a                    ; yes
    proto=115 hex=0000000b                    ; no
    hop=8 proto=115 hex=0000000a              ; yes
    frag=8 proto=115 hex=0000000a             ; no          # here it is
    proto=115 hex=00000a                      ; no
: via dccp 6
-p dccp -m dccp ! --sport 10:0 ! --dport 9:0  ;   ; FAIL protocol 6
bytes 00 00 00 00 00 00 00 00 00 00           ;   ; FAIL 10 bytes of data, expected 12
