: raw PREROUTING,OUTPUT
-j CT --notrack                              ; = ; REFUSED target CT rev 2: not evaluated by this build: it needs connection tracking
-j NOTRACK                                   ; = ; REFUSED target CT rev 2
-j CT --ctevents new,related,destroy,reply,assured,protoinfo,helper,mark,natseqinfo,secmark ; = ; REFUSED connection tracking
-j CT --expevents new                        ; = ; REFUSED connection tracking
-j CT --zone 65535                           ; = ; REFUSED connection tracking
-j CT --zone 0                               ; -j CT ; REFUSED connection tracking
-j CT --zone-orig 5                          ; = ; REFUSED connection tracking
-j CT --zone-reply mark                      ; = ; REFUSED connection tracking
-j CT --zone mark                            ; = ; REFUSED connection tracking
-j CT --ctevents new --expevents new --zone 3 ; = ; REFUSED connection tracking
patch 0 0c 00                                ; -j CT --ctevents new --expevents new --zone 3 ; REFUSED connection tracking   # both directions
patch 0 20 00                                ;   ; FAIL flags 0x20
patch 0 02 00                                ; -j NOTRACK ; REFUSED connection tracking    # whatever else it does
patch 4 00 f0 00 00 02                       ; -j CT --ctevents  --expevents  --zone 3 ; REFUSED connection tracking   # events without a name
patch -1 01 04 00                            ;   ; FAIL flags 0x4
patch -1 01 01 00 09                         ; -j CT --notrack --ctevents new --expevents new --zone 9 ; REFUSED target CT rev 1
patch -1 01 01 00 00*10 61*16                ; -j CT --notrack --helper aaaaaaaaaaaaaaaa ; REFUSED connection tracking
alone 1 01 00*11 61*16 62*4 00*40            ; -j CT --notrack --helper aaaaaaaaaaaaaaaabbbb --timeout bbbb ; REFUSED a timeout policy of the loading host
-p tcp -j CT --helper ftp                    ; = ; REFUSED it needs connection tracking, and a helper of the loading host
patch 12 61*16                               ;   ; FAIL a helper's name without an end
-p udp -j CT --helper tftp --zone 7          ; = ; REFUSED of the loading host
revision 0 01 00 00 00 00*36                 ; -p udp -j CT --notrack ; REFUSED target CT rev 0
revision 0 00 00 05 00 02 00*7 00*28         ; -p udp -j CT --ctevents related --zone 5 ; REFUSED target CT rev 0
revision 0 00 00 00 00 00*8 'tftp' 00*24     ; -p udp -j CT --helper tftp ; REFUSED of the loading host
revision 0 02 00*39                          ;   ; FAIL flags 0x2
alone 1 00*28 'longtimeout' 00*33            ;   ; FAIL a helper or timeout policy without -p
6 -j CT --notrack                            ; = ; REFUSED target CT rev 2
6 -j NOTRACK                                 ; = ; REFUSED target CT rev 2
6 -j CT --zone-reply 7                       ; = ; REFUSED connection tracking
6 -p tcp -j CT --helper ftp                  ; = ; REFUSED of the loading host
-j CT --helper ftp                           ;   ; FAIL No chain/target/match by that name
-j CT --zone 65536                           ;   ; FAIL Cannot parse
bytes 00*31                                  ;   ; FAIL 31 bytes of data
