: filter OUTPUT,INPUT,FORWARD
-m u32 --u32 "6&0xFF=6"                ; -m u32 --u32 "0x6&0xff=0x6" ; OK
    tcp                                ; yes
    udp                                ; no
    tcp frag=185                       ; yes         # fragments are looked at
    tcp path=input                     ; yes
    tcp path=forward                   ; yes
-m u32 ! --u32 "0x6&0xff=0x6"          ; = ; OK
    tcp                                ; no
    udp                                ; yes
-m u32 --u32 "0x18=0x61626364"         ; = ; OK
    proto=253 hex=0000000061626364   ; yes
    proto=253 hex=0000000061626365   ; no
    proto=253 hex=00000000616263    ; no          # three bytes at the place
    proto=253 len=20                   ; no
-m u32 ! --u32 "0x18=0x61626364"       ; = ; OK
    proto=253 hex=0000000061626364   ; no
    proto=253 hex=00000000616263    ; yes         # outside the packet is false before the inversion
    proto=253 hex=00000000616263 path=forward ; yes
-m u32 --u32 "0x10=0x0:0xffffffff"     ; = ; OK
    proto=253 len=20                   ; yes         # the last word of the header
-m u32 --u32 "0x11=0x0:0xffffffff"     ; = ; OK
    proto=253 len=20                   ; no
    proto=253 len=21                   ; yes
-m u32 --u32 "0xffffffff=0x0"          ; = ; OK
    tcp                                ; no
-m u32 --u32 "0x8>>0x18=0x3f:0x41,0x1" ; = ; OK      # TTL
    ttl=62                             ; no
    ttl=63                             ; yes
    ttl=65                             ; yes
    ttl=66                             ; no
    ttl=1                              ; yes
    ttl=66 path=forward                ; yes         # decremented
    ttl=63 path=forward                ; no
-m u32 --u32 "0x8>>0x18=0x41:0x3f"     ; = ; OK      # a range of nothing
    ttl=64                             ; no
-m u32 --u32 "0x8>>0x1f=0x1"           ; = ; OK
    ttl=127                            ; no
    ttl=128                            ; yes
-m u32 --u32 "0x0<<0x8&0xff000000=0x10000000" ; = ; OK     # TOS
    tos=0x10                           ; yes
    tos=0x11                           ; no
-m u32 --u32 "0x0<<0x1f=0x0"           ; = ; OK      # bit 0 of the total length
    proto=253 len=30                   ; yes
    proto=253 len=31                   ; no
-m u32 --u32 "0x0>>0x16&0x3c@0x0&0xffff=0x50" ; = ; OK     # the destination port, behind the header's length
    tcp dport=80                       ; yes
    tcp dport=81                       ; no
    tcp dport=80 len=23                ; no
    tcp dport=80 len=24                ; yes
    udp dport=80                       ; yes
-m u32 --u32 "0x6&0xff=0x6&&0x4&0x1fff=0x0&&0x0>>0x16&0x3c@0xc>>0x1a&0x3c@0x0=0x47455420" ; = ; OK   # TCP's payload
    tcp data=GET hex=20                ; yes
    tcp opts=01010101 data=GET hex=20  ; yes
    tcp data=PUT hex=20                ; no
    tcp data=GET                       ; no
    tcp doff=6 data=GET hex=20         ; no
    tcp frag=1 data=GET hex=20         ; no
-m u32 --u32 "0x14@0x0=0x61626364"     ; = ; OK      # a base from the packet
    proto=253 hex=0000001861626364   ; yes
    proto=253 hex=0000001761626364   ; no
    proto=253 hex=ffffffff61626364   ; no
    proto=253 hex=fffffffd61626364   ; no
-m u32 --u32 "0x14@0x18=0x61626364"    ; = ; OK
    proto=253 hex=0000000061626364     ; yes
    proto=253 hex=0000000461626364     ; no
    proto=253 hex=000000042e2e2e2e61626364 ; yes
    proto=253 hex=000000082e2e2e2e61626364 ; no
-m u32 --u32 "0x14@0x14@0x0=0x0:0xffffffff" ; = ; OK      # bases add up
    proto=253 hex=0000000400000010     ; yes
    proto=253 hex=0000000400000014     ; yes         # 4 + 0x14, and the four bytes there end the packet
    proto=253 hex=0000000400000015     ; no
    proto=253 hex=00000004fffffffc     ; no          # the base would wrap
    proto=253 hex=00000004fffffff8     ; no          # fits, and lies far outside
-m u32 --u32 "0x14@0xffffffff=0x0:0xffffffff" ; = ; OK
    proto=253 hex=0000000100000000     ; no          # a position never wraps
-m u32 --u32 "0x0=0x0&&0x1=0x1&&0x2=0x2&&0x3=0x3&&0x4=0x4&&0x5=0x5&&0x6=0x6&&0x7=0x7&&0x8=0x8&&0x9=0x9" ; = ; OK
    tcp                                ; no
-m u32 --u32 "0x8>>0x18=0x1,0x2,0x3,0x4,0x5,0x6,0x7,0x8,0x9,0xa" ; = ; OK
    ttl=10                             ; yes
    ttl=11                             ; no
6 -m u32 --u32 "0x4>>0x8&0xff=0x6"     ; = ; OK      # next header
    tcp                                ; yes
    udp                                ; no
    hop=8 tcp                          ; no
6 -m u32 --u32 "0x28>>0x10=0x400"      ; = ; OK
    tcp sport=1024                     ; yes
    tcp sport=1025                     ; no
    tcp sport=1024 len=44              ; yes
    tcp sport=1024 len=43              ; no
    frag=8 udp                         ; no
    tcp sport=1024 path=forward        ; yes
    tcp sport=1024 path=input          ; yes
-m u32 --u32 "0x8>>0x18=0x1"           ; = ; OK
patch 1981 01                          ; -m u32 ! --u32 "0x8>>0x18=0x1" ; OK
    ttl=1                              ; no
patch 1981 02                          ; -m u32 ! --u32 "0x8>>0x18=0x1" ; OK     # no inversion, but always true
    ttl=1                              ; yes
    ttl=2                              ; yes
patch 1980 00 00                       ; -m u32 --u32 "" ; OK                    # no test: true
    ttl=9                              ; yes
patch 1980 00 01                       ; -m u32 ! --u32 "" ; OK
    ttl=9                              ; no
patch 1980 0c                          ;   ; FAIL 12 tests
patch 176 0c                           ;   ; FAIL 12 steps
patch 177 0c                           ;   ; FAIL 12 ranges
patch 177 00                           ; -m u32 --u32 "0x8>>0x18=" ; OK          # no range: false
    ttl=1                              ; no
patch 176 00                           ; -m u32 --u32 "0x8=0x1" ; OK             # no step, not even a position: still read
    ttl=1                              ; no
patch 12 04                            ; -m u32 --u32 "0x80x18=0x1" ; OK         # no such operator: no step
    ttl=1                              ; no
patch 8 20                             ;   ; FAIL shift by 32
-m u32 --u32 "0>>32=1"                 ;   ; FAIL Invalid argument
-m u32 --u32 "0"                       ;   ; FAIL abrupt end
-m u32 --u32 "0=1,2,3,4,5,6,7,8,9,10,11" ; ; FAIL too many
-m u32                                 ;   ; FAIL must be specified
bytes 00                               ;   ; FAIL 1 bytes of data, expected 1984
