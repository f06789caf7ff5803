: filter OUTPUT,INPUT,FORWARD
6 -m srh                              ; = ; OK
    udp                               ; no
    header=43:00040000000000 udp      ; yes
    header=43:00040000000000 udp path=input ; yes
    header=43:00040000000000 udp path=forward ; yes
    header=43:00000000000000 udp      ; no          # another routing type
    header=43:00050000000000 udp      ; no
    header=43:00040100000000 udp      ; no          # more segments left than there are
    header=43:00040101000000 udp      ; yes
    header=43:0004ffff000000 udp      ; yes
    header=43:0004fffe000000 udp      ; no
    header=43:00000000000000 header=43:00040000000000 udp ; no     # the first routing header
    header=43:00040000000000 len=41   ; no          # never drops
    header=43:00040000000000 len=43   ; no
    header=43:00040000000000 len=47   ; no
    header=43:00040000000000 len=48   ; yes
    header=43:0204000000000020010db8000000000000000000000001 len=63 ; no
    header=43:0204000000000020010db8000000000000000000000001 len=64 ; yes
    dst-opts=8 hop=8 header=43:00040000000000 udp ; yes
    dst-opts=16 header=43:00040000000000 len=50   ; no
    mf after=header=43:00040000000000 udp ; yes
    frag=8 after=header=43:00040000000000 udp ; no
6 -m srh --srh-next-hdr 17            ; = ; OK
    header=43:00040000000000 udp      ; yes
    header=43:00040000000000 tcp      ; no
6 -m srh ! --srh-next-hdr 17          ; = ; OK
    header=43:00040000000000 udp      ; no
    header=43:00040000000000 tcp      ; yes
    header=43:00000000000000 tcp      ; no          # each inversion is of its number alone
    header=43:00040000000000 len=45 tcp ; no
6 -m srh --srh-hdr-len-eq 2           ; = ; OK
    header=43:0204000000000020010db8000000000000000000000001 udp ; yes
    header=43:00040000000000 udp      ; no
6 -m srh ! --srh-hdr-len-eq 2         ; = ; OK
    header=43:0204000000000020010db8000000000000000000000001 udp ; no
    header=43:00040000000000 udp      ; yes
6 -m srh --srh-hdr-len-gt 1           ; = ; OK
    header=43:0204000000000020010db8000000000000000000000001 udp ; yes
    header=43:010400000000000000000000000000 udp ; no
6 -m srh --srh-hdr-len-lt 2           ; = ; OK
    header=43:0204000000000020010db8000000000000000000000001 udp ; no
    header=43:010400000000000000000000000000 udp ; yes
6 -m srh ! --srh-hdr-len-gt 1         ; = ; OK
    header=43:0204000000000020010db8000000000000000000000001 udp ; no
    header=43:00040000000000 udp      ; yes
6 -m srh ! --srh-hdr-len-lt 2         ; = ; OK
    header=43:0204000000000020010db8000000000000000000000001 udp ; yes
    header=43:00040000000000 udp      ; no
6 -m srh --srh-segs-left-eq 1         ; = ; OK
    header=43:00040102000000 udp      ; yes
    header=43:00040002000000 udp      ; no
    header=43:00040202000000 udp      ; no
6 -m srh ! --srh-segs-left-eq 1       ; = ; OK
    header=43:00040102000000 udp      ; no
    header=43:00040002000000 udp      ; yes
6 -m srh --srh-segs-left-gt 1         ; = ; OK
    header=43:00040102000000 udp      ; no
    header=43:00040202000000 udp path=forward ; yes
6 -m srh --srh-segs-left-lt 1         ; = ; OK
    header=43:00040002000000 udp      ; yes
    header=43:00040102000000 udp      ; no
6 -m srh ! --srh-segs-left-gt 1       ; = ; OK
    header=43:00040102000000 udp      ; yes
    header=43:00040202000000 udp      ; no
6 -m srh ! --srh-segs-left-lt 1       ; = ; OK
    header=43:00040002000000 udp      ; no
    header=43:00040102000000 udp      ; yes
6 -m srh --srh-last-entry-eq 4        ; = ; OK
    header=43:00040004000000 udp      ; yes
    header=43:00040003000000 udp      ; no
6 -m srh ! --srh-last-entry-eq 4      ; = ; OK
    header=43:00040004000000 udp      ; no
    header=43:00040005000000 udp      ; yes
6 -m srh --srh-last-entry-gt 4        ; = ; OK
    header=43:00040004000000 udp      ; no
    header=43:00040005000000 udp      ; yes
6 -m srh ! --srh-last-entry-gt 4      ; = ; OK
    header=43:00040004000000 udp      ; yes
    header=43:00040005000000 udp      ; no
6 -m srh --srh-last-entry-lt 4        ; = ; OK
    header=43:00040004000000 udp      ; no
    header=43:00040003000000 udp      ; yes
6 -m srh ! --srh-last-entry-lt 4      ; = ; OK
    header=43:00040004000000 udp      ; yes
    header=43:00040003000000 udp      ; no
6 -m srh --srh-last-entry-gt 255      ; = ; OK          # never true
    header=43:0004ffff000000 udp      ; no
6 -m srh --srh-segs-left-lt 0         ; = ; OK
    header=43:00040000000000 udp      ; no
6 -m srh ! --srh-segs-left-lt 0       ; = ; OK
    header=43:00040000000000 udp      ; yes
6 -m srh --srh-tag 258                ; = ; OK          # 0x0102, compared with the packet's bytes as they stand
    header=43:00040000000201 udp      ; yes
    header=43:00040000000102 udp      ; no
6 -m srh ! --srh-tag 258              ; = ; OK
    header=43:00040000000201 udp      ; no
    header=43:00040000000102 udp      ; yes
6 -m srh --srh-next-hdr 17 --srh-segs-left-eq 1 --srh-last-entry-eq 4 --srh-tag 0 ; = ; OK
    header=43:00040104000000 udp      ; yes
    header=43:00040104010000 udp      ; yes         # the flags are not looked at
    header=43:00040104000001 udp      ; no
6 -m srh --srh-psid 2001:db8::3/128   ; = ; OK
    header=43:0604010200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; yes
    header=43:0604000200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no         # the one before is 2001:db8::2
    header=43:0604020200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no         # at the first one: there is none before
    header=43:0604000200000020010db800000000000000000000000120010db800000000000000000000000320010db8000000000000000000000002 udp ; yes
    header=43:0204000100000020010db8000000000000000000000001 data=0123456789abcdef udp ; no
6 -m srh ! --srh-psid 2001:db8::3/128 ; = ; OK
    header=43:0604010200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no
    header=43:0604000200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; yes
    header=43:0604020200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no         # outside the inversion
    header=43:0204000100000020010db8000000000000000000000001 len=79 ; no          # likewise: behind the packet
    header=43:0204000100000020010db8000000000000000000000001 len=80 ; yes         # behind the header, but in the packet
6 -m srh --srh-nsid 2001:db8::1/128   ; = ; OK
    header=43:0604010200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; yes
    header=43:0604020200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no
    header=43:0604000200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no         # none is left
    header=43:0604020200000020010db800000000000000000000000220010db800000000000000000000000120010db8000000000000000000000003 udp ; yes
    header=43:00040202000000 len=80    ; no
6 -m srh ! --srh-nsid 2001:db8::1/128 ; = ; OK
    header=43:0604010200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no
    header=43:0604020200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; yes
    header=43:0604000200000020010db800000000000000000000000120010db800000000000000000000000220010db8000000000000000000000003 udp ; no
    header=43:00040202000000 len=79    ; no
    header=43:00040202000000 len=80    ; yes
6 -m srh --srh-lsid 2001:db8::/126    ; = ; OK
    header=43:0204000000000020010db8000000000000000000000003 udp  ; yes
    header=43:0204000000000020010db8000000000000000000000004 udp  ; no
    header=43:00040000000000 len=63   ; no
6 -m srh ! --srh-lsid 2001:db8::/126  ; = ; OK
    header=43:0204000000000020010db8000000000000000000000003 udp  ; no
    header=43:0204000000000020010db8000000000000000000000004 udp  ; yes
    header=43:00040000000000 len=63   ; no
    header=43:00040000000000 len=64   ; yes
6 -m srh --srh-psid a::/64 --srh-nsid b::/128 --srh-lsid c::/0 ; = ; OK
6 -m srh ! --srh-psid a::/64 ! --srh-nsid b::/128 ! --srh-lsid c::/0 ; = ; OK
6 -m srh --srh-lsid 2001:db8::99/64   ; = ; OK          # bits outside the mask do not count
    header=43:0204000000000020010db8000000000000000000000001 udp  ; yes
6 -m srh --srh-tag 65536              ;   ; FAIL tag
6 -m srh --srh-psid ::/129             ;   ; FAIL srh
6 -m srh                              ; = ; OK
6 patch 105 40                        ;   ; FAIL flags 0x4000
6 patch 107 40                        ;   ; FAIL invflags 0x4000
6 patch 106 ff 3f                     ; -m srh ; OK
    header=43:00040000000000 udp      ; yes
    udp                               ; no
# Revision 0 has no segments.
6 -m srh                              ; = ; OK
6 revision 0 00 00 00 00 00 00 00 00 00 00 ; -m srh ; OK
    header=43:00040000000000 udp      ; yes
    udp                               ; no
    header=43:00040100000000 udp      ; no
    header=43:00040000000000 len=45   ; no
    header=43:0204000000000020010db8000000000000000000000001 len=63 ; no
6 revision 0 11 00 01 04 02 01 91 04 00 00 ; -m srh --srh-next-hdr 17 --srh-segs-left-eq 1 --srh-last-entry-eq 4 --srh-tag 258 ; OK
    header=43:00040104000201 udp      ; yes
    header=43:00040104000201 udp path=input ; yes
    header=43:00040104000201 udp path=forward ; yes
    header=43:00040104000102 udp      ; no
    header=43:00040204000201 udp      ; no
    header=43:00040103000201 udp      ; no
    header=43:00040104000201 tcp      ; no
6 revision 0 11 00 01 04 02 01 91 04 91 04 ; -m srh ! --srh-next-hdr 17 ! --srh-segs-left-eq 1 ! --srh-last-entry-eq 4 ! --srh-tag 258 ; OK
    header=43:00040203000200 tcp      ; yes
    header=43:00040203000201 tcp      ; no
    header=43:00040103000200 tcp      ; no
    header=43:00040204000200 tcp      ; no
    header=43:00040203000200 udp      ; no
6 revision 0 00 01 01 02 00 00 24 02 20 00 ; -m srh --srh-hdr-len-gt 1 ! --srh-segs-left-gt 1 --srh-last-entry-lt 2 ; OK
    header=43:0204010100000020010db8000000000000000000000001 udp ; yes
    header=43:010401010000000000000000000000 udp ; no
    header=43:0204020200000020010db8000000000000000000000001 udp ; no
6 revision 0 00 02 01 02 00 00 48 01 40 00 ; -m srh --srh-hdr-len-lt 2 ! --srh-segs-left-lt 1 --srh-last-entry-gt 2 ; OK
    header=43:010401030000000000000000000000 udp ; yes
    header=43:010400030000000000000000000000 udp ; no
    header=43:0204010300000020010db8000000000000000000000001 udp ; no
6 revision 0 00 00 00 00 00 00 00 38 ff 3f ; -m srh ; OK
    header=43:00040000000000 udp      ; yes
    udp                               ; no
6 revision 0 00 00 00 00 00 00 00 40 00 00 ;  ; FAIL flags 0x4000
6 revision 0 00 00 00 00 00 00 00 00 00 80 ;  ; FAIL invflags 0x8000
6 bytes 00                            ;   ; FAIL 1 bytes of data
