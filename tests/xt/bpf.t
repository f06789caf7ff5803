: filter OUTPUT,INPUT,FORWARD
-m bpf --bytecode "1,6 0 0 1"           ; = ; OK
    tcp                                 ; yes
    udp frag=2 path=forward             ; yes         # fragments are looked at
-m bpf --bytecode "1,6 0 0 0"           ; = ; OK
    tcp                                 ; no
-m bpf --bytecode "1,6 0 0 4294967295"  ; = ; OK
    tcp                                 ; yes
-m bpf --bytecode "1,22 0 0 0"          ; = ; OK      # the accumulator, as it begins
    tcp                                 ; no
-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"   ; = ; OK    # protocol TCP
    tcp                                 ; yes
    udp                                 ; no
    tcp path=input                      ; yes
    tcp path=forward                    ; yes
-m bpf --bytecode "4,48 0 0 4293918729,21 0 1 6,6 0 0 1,6 0 0 0" ; = ; OK   # the same from SKF_NET_OFF
    tcp                                 ; yes
    udp                                 ; no
    tcp path=input                      ; yes
-m bpf --bytecode "2,32 0 0 20,6 0 0 1" ; = ; OK      # a load behind the packet ends the program: 0
    proto=253 len=24                    ; yes
    proto=253 len=23                    ; no
-m bpf --bytecode "2,40 0 0 22,6 0 0 1" ; = ; OK
    proto=253 len=24                    ; yes
    proto=253 len=23                    ; no
-m bpf --bytecode "2,48 0 0 23,6 0 0 1" ; = ; OK
    proto=253 len=24                    ; yes
    proto=253 len=23                    ; no
-m bpf --bytecode "2,48 0 0 40000,6 0 0 1" ; = ; OK
    tcp                                 ; no
-m bpf --bytecode "2,32 0 0 2147483647,6 0 0 1" ; = ; OK
    tcp                                 ; no
-m bpf --bytecode "2,32 0 0 4292870143,6 0 0 1" ; = ; OK    # below SKF_LL_OFF there is nothing
    tcp                                 ; no
-m bpf --bytecode "5,177 0 0 0,72 0 0 2,21 0 1 80,6 0 0 1,6 0 0 0" ; = ; OK    # destination port behind the header's length
    tcp dport=80                        ; yes
    tcp dport=81                        ; no
    udp dport=80                        ; yes
    tcp len=23                          ; no
-m bpf --bytecode "4,1 0 0 4294967290,64 0 0 6,21 0 0 0,6 0 0 1" ; = ; OK     # a sum that wraps to 0
    tcp                                 ; yes
-m bpf --bytecode "4,1 0 0 4293918720,80 0 0 9,21 1 0 6,6 0 0 0" ;  ; FAIL Invalid argument
-m bpf --bytecode "5,1 0 0 4293918720,80 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0" ; = ; OK    # SKF_NET_OFF in the register
    tcp                                 ; yes
    udp                                 ; no
-m bpf --bytecode "4,128 0 0 0,37 0 1 30,6 0 0 1,6 0 0 0" ; = ; OK    # length above 30
    proto=253 len=31                    ; yes
    proto=253 len=30                    ; no
-m bpf --bytecode "5,129 0 0 0,135 0 0 0,53 0 1 30,6 0 0 1,6 0 0 0" ; = ; OK
    proto=253 len=30                    ; yes
    proto=253 len=29                    ; no
-m bpf --bytecode "4,32 0 0 4294963220,21 0 1 7,6 0 0 1,6 0 0 0" ; = ; OK      # mark
    tcp mark=7                          ; yes
    tcp mark=8                          ; no
-m bpf --bytecode "4,40 0 0 4294963200,21 0 1 2048,6 0 0 1,6 0 0 0" ; = ; OK   # the frame's protocol
    tcp                                 ; yes
    tcp path=input                      ; yes
6 -m bpf --bytecode "4,40 0 0 4294963200,21 0 1 34525,6 0 0 1,6 0 0 0" ; = ; OK
    tcp                                 ; yes
    tcp path=forward                    ; yes
-m bpf --bytecode "5,0 0 0 12,1 0 0 10,32 0 0 4294963240,20 0 0 6,22 0 0 0" ; = ; OK   # A ^= X; then 6 from it
    tcp                                 ; no
-m bpf --bytecode "4,48 0 0 8,7 0 0 0,60 0 0 0,6 0 0 1" ; = ; OK      # division of TTL by itself
    ttl=5                               ; yes
-m bpf --bytecode "5,48 0 0 1,7 0 0 0,0 0 0 9,60 0 0 0,6 0 0 1" ; = ; OK      # division by TOS; by 0 it ends the program
    tos=0x10                            ; yes
    tos=0                               ; no
-m bpf --bytecode "5,48 0 0 1,7 0 0 0,0 0 0 9,156 0 0 0,6 0 0 1" ; = ; OK     # remainder likewise
    tos=0x10                            ; yes
    tos=0                               ; no
-m bpf --bytecode "6,48 0 0 1,7 0 0 0,0 0 0 1,108 0 0 0,84 0 0 2,22 0 0 0" ; = ; OK   # a shift by 33 is one by 1
    tos=33                              ; yes
    tos=32                              ; no
    tos=1                               ; yes
-m bpf --bytecode "7,48 0 0 1,2 0 0 3,0 0 0 0,97 0 0 3,135 0 0 0,132 0 0 0,22 0 0 0" ; = ; OK    # memory, TXA, NEG
    tos=0                               ; no
    tos=4                               ; yes
-m bpf --bytecode "6,0 0 0 5,4 0 0 1,36 0 0 7,20 0 0 42,5 0 0 0,22 0 0 0" ; = ; OK    # (5 + 1) * 7 - 42
    tcp                                 ; no
-m bpf --bytecode "5,48 0 0 8,69 0 1 1,5 0 0 1,6 0 0 0,6 0 0 1" ; = ; OK      # JSET, JA: an odd TTL
    ttl=3                               ; yes
    ttl=4                               ; no
6 -m bpf --bytecode "4,48 0 0 6,21 0 1 6,6 0 0 1,6 0 0 0" ; = ; OK
    tcp                                 ; yes
    udp                                 ; no
    hop=8 tcp                           ; no
    tcp path=forward                    ; yes
-m bpf --bytecode "4,48 0 0 4294963204,21 0 1 0,6 0 0 1,6 0 0 0" ; = ; OK      # the packet type: for this host
    tcp                                 ; yes
    tcp path=input                      ; yes
-m bpf --bytecode "2,32 0 0 4294963208,22 0 0 0" ; = ; REFUSED the device's number
-m bpf --bytecode "2,32 0 0 4294963212,22 0 0 0" ; = ; REFUSED a netlink attribute
-m bpf --bytecode "2,32 0 0 4294963216,22 0 0 0" ; = ; REFUSED a netlink attribute
-m bpf --bytecode "2,32 0 0 4294963224,22 0 0 0" ; = ; REFUSED the queue
-m bpf --bytecode "2,32 0 0 4294963228,22 0 0 0" ; = ; REFUSED the device's type
-m bpf --bytecode "2,32 0 0 4294963232,22 0 0 0" ; = ; REFUSED the receive hash
-m bpf --bytecode "2,32 0 0 4294963236,22 0 0 0" ; = ; REFUSED the CPU
-m bpf --bytecode "2,32 0 0 4294963244,22 0 0 0" ; = ; REFUSED the VLAN tag
-m bpf --bytecode "2,32 0 0 4294963248,22 0 0 0" ; = ; REFUSED the VLAN tag
-m bpf --bytecode "2,32 0 0 4294963252,22 0 0 0" ; = ; REFUSED the flow dissector's payload offset
-m bpf --bytecode "2,32 0 0 4294963256,22 0 0 0" ; = ; REFUSED a random number
-m bpf --bytecode "2,32 0 0 4294963260,22 0 0 0" ; = ; REFUSED the VLAN tag
-m bpf --bytecode "2,48 0 0 4292870144,22 0 0 0" ; = ; REFUSED instruction 0 may read the link-layer header
-m bpf --bytecode "2,177 0 0 4292870150,22 0 0 0" ; = ; REFUSED the link-layer header
-m bpf --bytecode "4,32 0 0 12,7 0 0 0,80 0 0 0,22 0 0 0" ; = ; REFUSED instruction 2 may read the link-layer header
-m bpf --bytecode "5,5 0 0 2,32 0 0 4294963256,6 0 0 1,48 0 0 8,22 0 0 0" ; = ; OK      # no way leads to the random number
    ttl=3                               ; yes
-m bpf --bytecode "2,32 0 0 4294963264,22 0 0 0" ;  ; FAIL Invalid argument
-m bpf --bytecode "2,32 0 0 4294963201,22 0 0 0" ;  ; FAIL Invalid argument
-m bpf --bytecode "1,0 0 0 1"           ;  ; FAIL Invalid argument
-m bpf --bytecode "2,96 0 0 0,22 0 0 0" ;  ; FAIL Invalid argument
-m bpf --bytecode "1,6 0 0"             ;  ; FAIL error at instr 0
-m bpf                                  ;  ; FAIL one of --bytecode or --pinned is required
-m bpf --bytecode "2,6 0 0 1,6 0 0 0"   ; = ; OK
patch 8 00                              ; -m bpf --bytecode "2,0 0 0 1,6 0 0 0" ; OK
    tcp                                 ; no
patch 16 16                             ; -m bpf --bytecode "2,6 0 0 1,22 0 0 0" ; OK
patch 8 05 00 00 00 01                  ;  ; FAIL a jump behind the program, instruction 0
patch 8 15 00 01 00                     ;  ; FAIL a jump behind the program
patch 8 15 00 00 01                     ;  ; FAIL a jump behind the program
patch 8 34 00 00 00 00                  ;  ; FAIL a division by 0
patch 8 64 00 00 00 20                  ;  ; FAIL a shift by 32 or more
patch 8 02 00 00 00 10                  ;  ; FAIL a word of memory that there is not
patch 8 60 00 00 00 01                  ;  ; FAIL a load of memory that was not stored
patch 8 0e                              ;  ; FAIL no instruction
patch 8 18                              ;  ; FAIL no instruction
patch 8 8c                              ;  ; FAIL no instruction
patch 8 06 01                           ;  ; FAIL no instruction
patch 16 00                             ;  ; FAIL no return at the end, instruction 1
patch 2 00                              ;  ; FAIL no instruction
patch 2 41                              ;  ; FAIL 65 instructions
patch 0 03                              ;  ; FAIL mode 3
patch -1 00 01 00 00 00 06 00 00 00 01 00 00 00 ; -m bpf --bytecode "1,6 0 0 1" ; OK     # revision 0
    tcp                                 ; yes
patch -1 00 02 00 00 00 30 00 00 00 09 00 00 00 16 00 00 00 00 00 00 00 ; -m bpf --bytecode "2,48 0 0 9,22 0 0 0" ; OK
    tcp                                 ; yes
    proto=0                             ; no
patch -1 00 00 00                       ;  ; FAIL no instruction
patch -1 00 41 00                       ;  ; FAIL 65 instructions
patch -1 00 01 00 00 00 00 00           ;  ; FAIL no return at the end
patch -1 00 02 00 00 00 20 00 00 00 20 f0 ff ff 16 00 00 00 00 00 00 00 ; -m bpf --bytecode "2,32 0 0 4294963232,22 0 0 0" ; REFUSED match bpf rev 0: not evaluated by this build: instruction 0 asks for the receive hash
bytes 00                                ;  ; FAIL 1 bytes of data, expected 528
