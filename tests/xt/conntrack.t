: filter INPUT
-m conntrack --ctstate NEW                   ; = ; REFUSED match conntrack rev 3: not evaluated by this build: it needs connection tracking
-m conntrack --ctstate NEW,RELATED,ESTABLISHED,INVALID,UNTRACKED,SNAT,DNAT ; -m conntrack --ctstate INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT ; REFUSED connection tracking
-m conntrack ! --ctstate NEW,INVALID         ; -m conntrack ! --ctstate INVALID,NEW ; REFUSED connection tracking
-m state --state NEW,ESTABLISHED             ; = ; REFUSED match conntrack rev 3
-m state ! --state INVALID                   ; = ; REFUSED match conntrack rev 3
-m state --state UNTRACKED                   ; = ; REFUSED match conntrack rev 3
6 -m state --state RELATED                   ; = ; REFUSED match conntrack rev 3
-m conntrack --ctproto tcp                   ; -m conntrack --ctproto 6 ; REFUSED connection tracking
-m conntrack ! --ctproto 255                 ; = ; REFUSED connection tracking
-m conntrack --ctorigsrc 10.0.0.0/8 ! --ctorigdst 10.1.0.0/16 --ctreplsrc 10.2.0.1 ! --ctrepldst 10.3.0.0/16 ; = ; REFUSED connection tracking
patch 112 ff ff 00 ff                        ; -m conntrack --ctorigsrc 10.0.0.0/8 ! --ctorigdst 10.1.0.0/16 --ctreplsrc 10.2.0.1 ! --ctrepldst 10.3.0.0/255.255.0.255 ; REFUSED connection tracking
-m conntrack ! --ctorigsrc 0.0.0.0/0         ; = ; REFUSED connection tracking
-m conntrack --ctorigsrcport 1:1024 --ctorigdstport 80 ; = ; REFUSED connection tracking
-m conntrack ! --ctreplsrcport 53 ! --ctrepldstport 1024:65535 ; = ; REFUSED connection tracking
-m conntrack --ctorigsrcport 0:0             ; -m conntrack --ctorigsrcport 0 ; REFUSED connection tracking
-m conntrack --ctstatus NONE                 ; = ; REFUSED connection tracking
-m conntrack ! --ctstatus EXPECTED,SEEN_REPLY,ASSURED,CONFIRMED ; = ; REFUSED connection tracking
-m conntrack --ctexpire 0                    ; = ; REFUSED connection tracking
-m conntrack ! --ctexpire 10:4294967295      ; = ; REFUSED connection tracking
-m conntrack --ctdir ORIGINAL                ; = ; REFUSED connection tracking
-m conntrack --ctdir REPLY                   ; = ; REFUSED connection tracking
-m conntrack --ctstate NEW --ctdir ORIGINAL --ctproto tcp ; -m conntrack --ctstate NEW --ctproto 6 --ctdir ORIGINAL ; REFUSED connection tracking
patch 146 ff ff ff ff ff ff ff ff            ; -m state ! --state INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT ! --ctproto 6 ! --ctorigsrc 0.0.0.0/0 ! --ctorigdst 0.0.0.0/0 ! --ctreplsrc 0.0.0.0/0 ! --ctrepldst 0.0.0.0/0 ! --ctorigsrcport 0 ! --ctorigdstport 0 ! --ctreplsrcport 0 ! --ctrepldstport 0 ! --ctstatus EXPECTED,SEEN_REPLY,ASSURED,CONFIRMED ! --ctexpire 0 --ctdir REPLY ; REFUSED connection tracking
patch 146 00 00                              ; -m conntrack ; REFUSED connection tracking    # asks for nothing
patch 146 41 00 00 00 00 02 10 00            ; -m conntrack --ctstate --ctstatus ; REFUSED connection tracking   # bits without a name
# Ports are in network order in revisions 1 and 2, masks have 8 bits in revision 1.
revision 1 00*136 06 00 00 50 01 00 00 00 00 35 43 0f 01 08 0a 02 ; -m conntrack ! --ctstate NEW,ESTABLISHED --ctproto 6 --ctorigsrcport 80 --ctorigdstport 256 --ctreplsrcport 0 ! --ctrepldstport 53 --ctstatus SEEN_REPLY ; REFUSED match conntrack rev 1
revision 1 0a 00*15 ff 00*129 04 00 00 00 ff ff ; -m conntrack --ctorigsrc 10.0.0.0/8 ; REFUSED match conntrack rev 1
revision 1 00*146 01 20 00 00 02 00          ; -m state --state ESTABLISHED ; REFUSED match conntrack rev 1
revision 2 00*136 06 00 00 50 01 00 00 00 00 35 43 0f 01 08 0a 01 02 00 ; -m conntrack ! --ctstate NEW,ESTABLISHED,UNTRACKED --ctproto 6 --ctorigsrcport 80 --ctorigdstport 256 --ctreplsrcport 0 ! --ctrepldstport 53 --ctstatus SEEN_REPLY ; REFUSED match conntrack rev 2
6 -m conntrack --ctorigsrc 2001:db8::/32 ! --ctorigdst 2001:db8::1 --ctreplsrc ::1 ! --ctrepldst fe80::/10 ; = ; REFUSED match conntrack rev 3
6 -m conntrack --ctstate DNAT --ctexpire 7 --ctdir REPLY ; = ; REFUSED match conntrack rev 3
6 revision 1 20 01 0d b8 00*12 ff ff ff ff 00*126 04 00 00 00 00 00 ; -m conntrack --ctorigsrc 2001:db8::/32 ; REFUSED match conntrack rev 1
6 revision 2 20 01 0d b8 00*12 ff ff ff ff 00*126 04 00 04 00 00 00 00 00 ; -m conntrack ! --ctorigsrc 2001:db8::/32 ; REFUSED match conntrack rev 2
-m conntrack --ctstate wrong                 ;   ; FAIL Bad ctstate
-m conntrack                                 ;   ; FAIL At least one option
bytes 00*151                                 ;   ; FAIL 151 bytes of data
